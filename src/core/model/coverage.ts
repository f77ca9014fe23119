import {
  contains,
  formatNetwork,
  groupsOf,
  isIpv4Network,
  type Network,
  parseNetwork,
} from './network.ts'

const addressText = (groups: readonly number[]): string =>
  groups.length === 4 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':')

/** The lower and the upper half of a network with more than one address. */
const halves = (network: Network): readonly Network[] => {
  const groups = groupsOf(network)
  const groupBits = isIpv4Network(network) ? 8 : 16
  const at = Math.floor(network.prefix / groupBits)
  const bit = 2 ** (groupBits - 1 - (network.prefix % groupBits))
  const upper = groups.map((group, index) => (index === at ? group + bit : group))
  return [groups, upper].flatMap(
    (each) => parseNetwork(`${addressText(each)}/${network.prefix + 1}`) ?? [],
  )
}

const isCovered = (network: Network, by: readonly Network[]): boolean => {
  if (by.some((each) => contains(each, network))) return true
  const inside = by.filter((each) => contains(network, each))
  return inside.length > 0 && halves(network).every((half) => isCovered(half, inside))
}

const families = ['0.0.0.0/0', '::/0'] as const

/**
 * The address families that the networks cover completely: `0.0.0.0/0`, or 0.0.0.0/1 with
 * 128.0.0.0/1.
 */
export const wholeFamilies = (networks: readonly string[]): readonly string[] => {
  const by = networks.flatMap((text) => parseNetwork(text) ?? [])
  return families.flatMap((text) => {
    const family = parseNetwork(text)
    return family !== null && isCovered(family, by) ? [formatNetwork(family)] : []
  })
}
