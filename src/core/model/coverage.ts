import { contains, formatNetwork, type Network, parseNetwork } from './network.ts'

const half = ({ groups, groupBits, prefix }: Network, isUpper: boolean): Network => {
  const at = Math.floor(prefix / groupBits)
  const bit = 2 ** (groupBits - 1 - (prefix % groupBits))
  return {
    groups: groups.map((group, index) => (isUpper && index === at ? group + bit : group)),
    groupBits,
    prefix: prefix + 1,
  }
}

const isCovered = (network: Network, by: readonly Network[]): boolean => {
  if (by.some((each) => contains(each, network))) return true
  const inside = by.filter((each) => contains(network, each))
  return (
    inside.length > 0 &&
    isCovered(half(network, false), inside) &&
    isCovered(half(network, true), inside)
  )
}

const families = ['0.0.0.0/0', '::/0'] as const

/**
 * The families of which the networks leave no address out: `0.0.0.0/0`, and 0.0.0.0/1 with
 * 128.0.0.0/1 as well.
 */
export const wholeFamilies = (networks: readonly string[]): readonly string[] => {
  const by = networks.flatMap((text) => parseNetwork(text) ?? [])
  return families.flatMap((text) => {
    const family = parseNetwork(text)
    return family !== null && isCovered(family, by) ? [formatNetwork(family)] : []
  })
}
