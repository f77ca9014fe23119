import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Frontend } from '../../model/cluster.ts'
import { contains, formatNetwork, type Network, parseNetwork } from '../../model/network.ts'
import type { Version } from '../../model/version.ts'
import { speaksAjp } from './ajp.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { networksPattern } from './network-pattern.ts'
import type { BasedInstance } from './ports.ts'
import { features, hasSince, type Since } from './release.ts'
import type { Attribute } from './xml/write.ts'

export const remoteIpValve = 'org.apache.catalina.valves.RemoteIpValve'

const networksOf = (texts: readonly string[]): readonly Network[] =>
  texts.flatMap((text) => parseNetwork(text) ?? [])

/** The default of internalProxies of RemoteIpValve; null: in every release. */
const privateNetworks: readonly {
  readonly networks: readonly Network[]
  readonly since: Since | null
}[] = [
  {
    networks: networksOf(['10.0.0.0/8', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '::1']),
    since: null,
  },
  { networks: networksOf(['172.16.0.0/12']), since: features.trusts172 },
  { networks: networksOf(['100.64.0.0/10']), since: features.trusts100 },
  { networks: networksOf(['fe80::/10', 'fc00::/7']), since: features.trustsLocalIpv6 },
]

const allPrivate = privateNetworks.flatMap(({ networks }) => networks)

/** The default network of Docker: a host name often belongs to a container. */
const containerNetworks = networksOf(['172.16.0.0/12'])

const trustedByDefault = (version: Version): readonly Network[] =>
  privateNetworks
    .filter(({ since }) => since === null || hasSince(version, since))
    .flatMap(({ networks }) => networks)

const isCovered = (networks: readonly Network[], network: Network): boolean =>
  networks.some((outer) => contains(outer, network))

/** A listener on such an address does not tell from which address the balancer connects. */
const localOrAny = networksOf(['127.0.0.0/8', '::1', '0.0.0.0', '::'])

/** The addresses of the listeners: the balancer probably connects from one of them. */
const listenerNetworks = (frontends: readonly Frontend[]): readonly Network[] =>
  networksOf(
    frontends.flatMap(({ listeners }) =>
      listeners.flatMap(({ address }) => (address.kind === 'inet' ? [address.host ?? ''] : [])),
    ),
  ).filter((network) => !isCovered(localOrAny, network))

/**
 * The networks that internalProxies must contain in addition to its default. A Tomcat with a private
 * address is expected to be in the same private network as the balancer.
 */
const additionalProxies = (
  { server, app, frontends }: Instance,
  findings: Findings,
): readonly Network[] => {
  const { address, name, path } = server
  if (address.kind === 'unix' || address.host === null) return []
  const known = trustedByDefault(app.version)
  const own = parseNetwork(address.host)
  const needed =
    own === null ? containerNetworks : allPrivate.filter((network) => contains(network, own))
  const isPublic = needed.length === 0
  const wanted = isPublic ? listenerNetworks(frontends) : needed
  if (isPublic && wanted.length === 0) {
    const message = `"${name}" has the public address ${address.host}, and the address of the balancer is unknown`
    const help =
      'let a frontend listen on the address of the balancer ("address:port"), or use a private network between balancer and Tomcat'
    report(findings, 'tomcat-proxy-untrusted', atKey(path), message, help)
    return []
  }
  const added = wanted.filter((network) => !isCovered(known, network))
  if (added.length === 0) return []
  const list = added.map(formatNetwork).join(', ')
  const message = `internalProxies of "${name}" contains ${list}, which RemoteIpValve of Tomcat ${app.version.text} does not trust by default`
  report(findings, 'tomcat-proxy-trusted', atKey(path), message, null)
  return added
}

/** The networks in the syntax that the release reads. */
const listOf = (version: Version, networks: readonly Network[]): string =>
  hasSince(version, features.cidrProxies)
    ? networks.map(formatNetwork).join(',')
    : networksPattern(networks)

/** Every address. */
const anyNetwork = (version: Version): string =>
  hasSince(version, features.cidrProxies) ? '0.0.0.0/0,::/0' : '.*'

/**
 * With AJP, the address of the connection is that of the client. Where every request comes by AJP, and so
 * from a balancer that knows the secret, its headers are right for any client.
 */
const ajpProxies = ({ app, bases, server }: BasedInstance): readonly Attribute[] =>
  bases.server === null && server.tomcat.httpPort === null
    ? [['internalProxies', anyNetwork(app.version)]]
    : []

const httpProxies = (instance: BasedInstance, findings: Findings): readonly Attribute[] => {
  const { version } = instance.app
  const added = additionalProxies(instance, findings)
  return added.length === 0
    ? []
    : [['internalProxies', listOf(version, [...trustedByDefault(version), ...added])]]
}

/**
 * The attributes of RemoteIpValve. Only the balancer must be trusted: it sends the address of the
 * client as the only address of X-Forwarded-For.
 */
export const remoteIpOf = (instance: BasedInstance, findings: Findings): readonly Attribute[] => [
  ['remoteIpHeader', 'X-Forwarded-For'],
  ['protocolHeader', 'X-Forwarded-Proto'],
  ['portHeader', 'X-Forwarded-Port'],
  ...(speaksAjp(instance) ? ajpProxies(instance) : httpProxies(instance, findings)),
]
