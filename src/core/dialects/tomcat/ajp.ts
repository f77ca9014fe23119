import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { isHostName } from '../../model/ip.ts'
import type { Version } from '../../model/version.ts'
import { serverIdleSeconds } from '../idle-seconds.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { features, hasSince } from './release.ts'
import type { StoreParts } from './stores/parts.ts'
import { environmentProperties, referenceTo, reportLiteral } from './stores/secrets.ts'
import { attributeValue, type XmlElement } from './xml/document.ts'
import { type Attribute, isXmlText } from './xml/write.ts'

/** Whether the balancer connects by AJP, not by HTTP. */
export const speaksAjp = ({ upstream }: Pick<Instance, 'upstream'>): boolean =>
  upstream.protocol === 'ajp'

/** What the AJP Connector of the balancer needs. */
export interface AjpParts extends Pick<StoreParts, 'properties' | 'secrets'> {
  /** The value of `secret`; null: the balancer does not connect by AJP, or there is none. */
  readonly secret: string | null
}

const noAjp: AjpParts = { secret: null, properties: [], secrets: [] }

export const ajpPartsOf = (instance: Instance, findings: Findings): AjpParts => {
  const { app, upstream } = instance
  if (!speaksAjp(instance)) return noAjp
  const { ajpSecret, name, path } = upstream
  const at = [...path, 'ajpSecret']
  reportLiteral(ajpSecret, at, findings)
  const { text, secrets } = referenceTo(ajpSecret, `${name}-ajp`)
  return {
    secret: text !== null && isXmlText(text) ? text : null,
    secrets,
    properties: environmentProperties(ajpSecret, at, app, findings),
  }
}

/** An existing Connector can do without a secret. */
const needsSecret = (connector: XmlElement | null): boolean =>
  connector === null ||
  (attributeValue(connector, 'secretRequired') ?? 'true').toLowerCase() === 'true'

const hasSecret = (connector: XmlElement | null): boolean =>
  connector !== null &&
  ['secret', 'requiredSecret'].some((name) => (attributeValue(connector, name) ?? '') !== '')

/** @param connector of an existing file. */
export const reportMissingSecret = (
  { isBehindBase, upstream }: Instance,
  connector: XmlElement | null,
  findings: Findings,
): void => {
  if (upstream.protocol !== 'ajp' || upstream.ajpSecret !== null) return
  if (hasSecret(connector)) {
    if (isBehindBase) return
    report(
      findings,
      'tomcat-ajp-secret',
      atValue([...upstream.path, 'protocol']),
      'the AJP Connector of the existing file has a secret, which the balancer does not send: Tomcat answers its requests with 403',
      'write the secret of the file as ajpSecret',
    )
    return
  }
  if (!needsSecret(connector)) return
  report(
    findings,
    'tomcat-ajp-secret',
    atValue([...upstream.path, 'protocol']),
    'the AJP Connector has no secret: Tomcat does not start it',
    'write ajpSecret: { env: AJP_SECRET }, and set the variable in the environment of Tomcat and of httpd',
  )
}

/** Without it, Tomcat listens on the loopback address. The name of a host can have any address of it. */
export const ajpAddress = ({ server: { address, tomcat } }: Instance): string => {
  if (address.kind === 'unix') return '127.0.0.1'
  const isMapped = tomcat.ajpPort !== null && tomcat.ajpPort !== address.port
  return address.host === null || isHostName(address.host) || isMapped ? '0.0.0.0' : address.host
}

/** The name that the release has for the secret. Older ones are not refused: they know the old name. */
export const secretName = (version: Version): 'secret' | 'requiredSecret' =>
  hasSince(version, features.ajpSecret) ? 'secret' : 'requiredSecret'

/**
 * No `allowedRequestAttributesPattern`: httpd sends the attributes that every Tomcat knows, unless
 * variables with the prefix `AJP_` are set.
 */
export const ajpAttributes = (
  instance: Instance,
  { secret }: AjpParts,
  port: number,
): readonly Attribute[] => {
  const { version } = instance.app
  return [
    ['port', String(port)],
    ['protocol', 'AJP/1.3'],
    ['address', ajpAddress(instance)],
    ...(secret === null ? [] : [[secretName(version), secret] as const]),
    ...(hasSince(version, features.ajpSecret) ? [['secretRequired', 'true'] as const] : []),
    // The balancer closes idle connections first.
    ['keepAliveTimeout', String(serverIdleSeconds * 1000)],
    ['redirectPort', '8443'],
    ...(hasSince(version, features.maxParameterCount)
      ? [['maxParameterCount', '1000'] as const]
      : []),
  ]
}
