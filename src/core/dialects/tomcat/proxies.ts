import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { contains, formatNetwork, type Network, parseNetwork } from '../../model/network.ts'
import type { Version } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { networksPattern } from './network-pattern.ts'
import { features, hasSince, type Since } from './release.ts'
import type { Attribute } from './xml/write.ts'

export const remoteIpValve = 'org.apache.catalina.valves.RemoteIpValve'

const networksOf = (texts: readonly string[]): readonly Network[] =>
  texts.flatMap((text) => {
    const network = parseNetwork(text)
    return network === null ? [] : [network]
  })

/** What RemoteIpValve calls internal by itself, and since when. */
const privateNetworks: readonly {
  readonly networks: readonly Network[]
  readonly since: Since | null
}[] = [
  {
    networks: networksOf(['10.0.0.0/8', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '::1']),
    since: null,
  },
  { networks: networksOf(['172.16.0.0/12']), since: features.trustsPrivateB },
  { networks: networksOf(['100.64.0.0/10']), since: features.trustsCarrierNat },
  { networks: networksOf(['fe80::/10', 'fc00::/7']), since: features.trustsLocalIpv6 },
]

const allPrivate = privateNetworks.flatMap(({ networks }) => networks)

/** Container networks; behind a host name there is often one. */
const containers = networksOf(['172.16.0.0/12'])

const trustedByDefault = (version: Version): readonly Network[] =>
  privateNetworks
    .filter(({ since }) => since === null || hasSince(version, since))
    .flatMap(({ networks }) => networks)

const isCovered = (networks: readonly Network[], network: Network): boolean =>
  networks.some((outer) => contains(outer, network))

/** Listening there says nothing about the address that a Tomcat elsewhere sees. */
const notRemote = networksOf(['127.0.0.0/8', '::1', '0.0.0.0', '::'])

/** Addresses that the balancer listens on by number: it probably connects from there. */
const listenerNetworks = (frontends: readonly Frontend[]): readonly Network[] =>
  networksOf(
    frontends.flatMap(({ listeners }) =>
      listeners.flatMap(({ address }) => (address.kind === 'inet' ? [address.host ?? ''] : [])),
    ),
  ).filter((network) => !isCovered(notRemote, network))

interface Missing {
  /** To be trusted beside the default. */
  readonly added: readonly Network[]
  readonly diagnostics: readonly Diagnostic[]
}

const nothingMissing: Missing = { added: [], diagnostics: [] }

/**
 * What RemoteIpValve's own list lacks for the balancer of this server. Balancer and Tomcat are
 * taken to be in one private network when Tomcat is in one.
 */
const missingProxies = ({ server, app, frontends }: Instance): Missing => {
  const { address, name, path } = server
  if (address.kind === 'unix' || address.host === null) return nothingMissing
  const known = trustedByDefault(app.version)
  const own = parseNetwork(address.host)
  const needed = own === null ? containers : allPrivate.filter((network) => contains(network, own))
  const isPublic = needed.length === 0
  const wanted = isPublic ? listenerNetworks(frontends) : needed
  const added = wanted.filter((network) => !isCovered(known, network))
  if (isPublic && wanted.length === 0) {
    const message = `"${name}" has the public address ${address.host}, and the address of the balancer is not known`
    const help =
      'let a frontend listen on the address of the balancer ("address:port"), or keep both in a private network'
    return { added, diagnostics: [report('tomcat-proxy-untrusted', atKey(path), message, help)] }
  }
  if (added.length === 0) return nothingMissing
  const list = added.map(formatNetwork).join(', ')
  const message = `"${name}" also trusts ${list}, which RemoteIpValve of Tomcat ${app.version.text} does not by itself`
  return { added, diagnostics: [report('tomcat-proxy-trusted', atKey(path), message, null)] }
}

/** A list of networks as this release reads it. */
const written = (version: Version, networks: readonly Network[]): string =>
  hasSince(version, features.cidrProxies)
    ? networks.map(formatNetwork).join(',')
    : networksPattern(networks)

export interface RemoteIp {
  readonly attributes: readonly Attribute[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * RemoteIpValve for one Tomcat: a proxy always stands in front of it, and tells the one address that
 * it knows the client by, so that only the proxy itself has to be trusted.
 */
export const remoteIpOf = (instance: Instance): RemoteIp => {
  const { version } = instance.app
  const { added, diagnostics } = missingProxies(instance)
  const internal = added.length === 0 ? [] : [...trustedByDefault(version), ...added]
  return {
    attributes: [
      ['remoteIpHeader', 'X-Forwarded-For'],
      ['protocolHeader', 'X-Forwarded-Proto'],
      ['portHeader', 'X-Forwarded-Port'],
      ...(internal.length === 0 ? [] : [['internalProxies', written(version, internal)] as const]),
    ],
    diagnostics,
  }
}
