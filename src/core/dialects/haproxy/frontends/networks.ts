import {
  contains,
  formatNetwork,
  groupsOf,
  isIpv4Network,
  type Network,
  parseNetwork,
} from '../../../model/network.ts'
import type { Acl } from '../rules.ts'

/** ACLs on an address, and the condition that uses them. */
export interface FromNetworks {
  readonly acls: readonly Acl[]
  readonly conditions: readonly string[]
}

/** 6to4 (RFC 3056) and IPv4-compatible IPv6 (RFC 4291) of an IPv4 network. */
const embedded = (network: Network): readonly string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = groupsOf(network)
  const ipv4 = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  return [`2002:${ipv4}::/${16 + network.prefix}`, `::${ipv4}/${96 + network.prefix}`]
}

const parsed = (networks: readonly string[]): readonly Network[] =>
  networks.flatMap((text) => parseNetwork(text) ?? [])

/**
 * IPv6 networks that HAProxy matches with these IPv4 networks: for HAProxy, 2002:7f00:1::1 and
 * ::127.0.0.1 match 127.0.0.1. A client that chooses its IPv6 address, or sends a header, could pass as
 * any IPv4 address. IPv6 networks of the list itself are kept.
 */
export const impostors = (networks: readonly string[]): readonly string[] => {
  const all = parsed(networks)
  const ipv6 = all.filter((each) => !isIpv4Network(each))
  return parsed(all.filter(isIpv4Network).flatMap(embedded))
    .filter((each) => !ipv6.some((own) => contains(own, each) || contains(each, own)))
    .map(formatNetwork)
}

/** Whether an address is in the networks. */
export const fromNetworks = (
  name: string,
  sample: string,
  networks: readonly string[],
): FromNetworks => {
  const acl: Acl = { name, sample, method: 'ip', isCaseless: false, patterns: networks }
  const others = impostors(networks)
  if (others.length === 0) return { acls: [acl], conditions: [name] }
  const not = `${name}:ipv6`
  return { acls: [acl, { ...acl, name: not, patterns: others }], conditions: [name, `!${not}`] }
}
