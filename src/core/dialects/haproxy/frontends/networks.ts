import { contains, formatNetwork, type Network, parseNetwork } from '../../../model/network.ts'
import type { Acl } from '../rules.ts'

/** A condition on an address, and the words that ask for it. */
export interface FromNetworks {
  readonly acls: readonly Acl[]
  readonly conditions: readonly string[]
}

/** The networks with the octets of an IPv4 network behind `before` and 16-bit zeros up to 128 bits. */
const embedded = ({ groups, prefix }: Network, before: readonly number[]): Network => {
  const [a = 0, b = 0, c = 0, d = 0] = groups
  const filled = [...before, a * 256 + b, c * 256 + d]
  return {
    groups: [...filled, ...Array.from({ length: 8 - filled.length }, () => 0)],
    groupBits: 16,
    prefix: before.length * 16 + prefix,
  }
}

const sixToFour = [0x2002]
const compatible = [0, 0, 0, 0, 0, 0]

/**
 * IPv6 networks that HAProxy takes for one of these IPv4 networks: a 6to4 address (2002:7f00:1::1) is
 * 127.0.0.1 to it, and so is ::127.0.0.1. Whoever may choose an IPv6 address, or write a header, could
 * pass for anybody in IPv4. What the networks name in IPv6 counts as it stands.
 */
const impostors = (networks: readonly string[]): readonly string[] => {
  const parsed = networks.flatMap((text) => parseNetwork(text) ?? [])
  const [ipv4, ipv6] = [8, 16].map((bits) => parsed.filter(({ groupBits }) => groupBits === bits))
  const found = (ipv4 ?? []).flatMap((each) => [
    embedded(each, sixToFour),
    embedded(each, compatible),
  ])
  return found
    .filter((each) => !(ipv6 ?? []).some((own) => contains(own, each) || contains(each, own)))
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
