import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster, Frontend } from '../../model/cluster.ts'
import { type RequestText, type RequestVariable, variablesOf } from '../../model/request-text.ts'
import { atLeast } from '../../model/version.ts'
import type { MapView } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Names } from './names.ts'
import { checkLength } from './quote.ts'

/** What texts with variables need in the http block. */
export interface RequestTextsView {
  /** A variable that contains `$`, which nginx has no escape for; null: not used. */
  readonly dollar: string | null
  readonly maps: readonly MapView[]
}

/** Writes texts with variables as words of nginx, and collects what they need. */
export interface RequestTexts {
  readonly wordOf: (text: RequestText, frontend: Frontend) => string
  /** A variable with the time that the request took, in whole milliseconds. */
  readonly duration: () => string
  /** To be called when all texts are written. */
  readonly view: () => RequestTextsView
}

type Simple = Exclude<
  RequestVariable,
  'client.port' | 'request.scheme' | 'request.path' | 'tls.client.verify'
>

const simple: Readonly<Record<Simple, string>> = {
  'client.address': 'remote_addr',
  'request.host': 'host',
  'request.method': 'request_method',
  'request.uri': 'request_uri',
  'request.query': 'args',
  'request.id': 'request_id',
  'server.port': 'server_port',
  'tls.version': 'ssl_protocol',
  'tls.cipher': 'ssl_cipher',
  'tls.serverName': 'ssl_server_name',
  'tls.client.subject': 'ssl_client_s_dn',
  'tls.client.issuer': 'ssl_client_i_dn',
  'tls.client.serial': 'ssl_client_serial',
  'tls.client.fingerprint': 'ssl_client_fingerprint',
}

/** Named groups become global variables: the name is not used elsewhere. */
const pathGroup = 'sessctl_path'

/** As the client sent it: `$uri` is decoded and can contain line ends. */
const pathMap = (variable: string): MapView => ({
  source: '$request_uri',
  variable,
  entries: [{ key: `~^(?<${pathGroup}>[^?]*)`, value: `$${pathGroup}` }],
})

/** Of seconds with three decimals: `0.012` is 12, `3.020` is 3020. */
const durationMap = (variable: string): MapView => ({
  source: '$request_time',
  variable,
  entries: [
    { key: '~^0\\.0{0,2}(?<sessctl_ms>[0-9]+)$', value: '$sessctl_ms' },
    {
      key: '~^(?<sessctl_s>[0-9]+)\\.(?<sessctl_ms>[0-9]+)$',
      value: '$sessctl_s$sessctl_ms',
    },
  ],
})

/** Empty without TLS. */
const verifyMap = (variable: string): MapView => ({
  source: '$ssl_client_verify',
  variable,
  entries: [
    { key: 'default', value: 'NONE' },
    { key: 'SUCCESS', value: 'SUCCESS' },
  ],
})

/** `${name}` where text follows that would be read as a part of the name. */
const reference = (name: string, next: string): string =>
  /^\w/.test(next) ? `$\u007b${name}}` : `$${name}`

/** @param schemeOf a variable with the scheme of the request. */
export const createRequestTexts = (
  { name }: Cluster,
  names: Names,
  schemeOf: (frontend: Frontend) => string,
): RequestTexts => {
  const maps = new Map<string, MapView>()
  let dollar: string | null = null
  const mapped = (key: string, make: (variable: string) => MapView): string => {
    const known = maps.get(key) ?? make(names.variable(`${key}_${name}`))
    maps.set(key, known)
    return known.variable.slice(1)
  }
  const variableOf = (variable: RequestVariable, frontend: Frontend): string => {
    switch (variable) {
      case 'client.port':
        return frontend.clientAddress === null ? 'remote_port' : 'realip_remote_port'
      case 'request.scheme':
        return schemeOf(frontend).slice(1)
      case 'request.path':
        return mapped('request_path', pathMap)
      case 'tls.client.verify':
        return mapped('client_verify', verifyMap)
      default:
        return simple[variable]
    }
  }
  const escaped = (text: string): string => {
    if (!text.includes('$')) return text
    dollar ??= names.variable(`dollar_${name}`)
    const variable = dollar.slice(1)
    return text.split('$').reduce((before, after) => before + reference(variable, after) + after)
  }
  return {
    wordOf: (text, frontend) =>
      text
        .map((part, index) => {
          if (part.kind === 'text') return escaped(part.text)
          const next = text[index + 1]
          return reference(variableOf(part.name, frontend), next?.kind === 'text' ? next.text : '')
        })
        .join(''),
    duration: () => `$${mapped('duration', durationMap)}`,
    view: () => ({ dollar, maps: [...maps.values()] }),
  }
}

/** The oldest releases with the variables that came after 1.8. */
const since: Readonly<Partial<Record<RequestVariable, string>>> = {
  'request.id': '1.11.0',
  // Before, in the format of OpenSSL's one-line names.
  'tls.client.subject': '1.11.6',
  'tls.client.issuer': '1.11.6',
}

/** Reports variables that a release lacks, and texts that nginx cannot read. */
export const checkRequestText = (
  text: RequestText,
  path: SpecPath,
  { clientAddress }: Frontend,
  { base, label }: Features,
  findings: Findings,
): void => {
  for (const name of variablesOf(text)) {
    const isOfPeer = name === 'client.port' && clientAddress !== null
    const oldest = isOfPeer ? '1.11.0' : since[name]
    if (oldest === undefined || atLeast(base, oldest)) continue
    report(
      findings,
      'nginx-request-variable',
      atValue(path),
      `${label} does not know the value of {${name}}`,
      `remove {${name}}, or use nginx ${oldest} or later`,
    )
  }
  const longest = text.map((part) => (part.kind === 'text' ? part.text : part.name)).join('')
  checkLength(longest, path, findings)
}
