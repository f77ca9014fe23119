import { type Address, formatAddress, isIpv4, isIpv6 } from './address.ts'

/** A network of addresses; one address is a network of full length. */
export interface Network {
  /** 8-bit groups of IPv4, 16-bit groups of IPv6; those behind the prefix are zero. */
  readonly groups: readonly number[]
  readonly groupBits: 8 | 16
  /** Length of the prefix, in bits. */
  readonly prefix: number
}

const ipv6Groups = (text: string): readonly number[] => {
  const tail = text.slice(text.lastIndexOf(':') + 1)
  const octets = tail.includes('.') ? tail.split('.').map(Number) : []
  const [a = 0, b = 0, c = 0, d = 0] = octets
  const hex =
    octets.length === 0
      ? text
      : text.replace(tail, `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`)
  const [left = '', right] = hex.split('::')
  const parse = (half: string) =>
    half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))
  if (right === undefined) return parse(left)
  const [before, after] = [parse(left), parse(right)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

const masked = (groups: readonly number[], groupBits: number, prefix: number): readonly number[] =>
  groups.map((group, index) => {
    const free = Math.min(groupBits, Math.max(0, (index + 1) * groupBits - prefix))
    return group - (group % 2 ** free)
  })

const groupsOf = (address: string): Omit<Network, 'prefix'> | null => {
  if (isIpv4(address)) return { groups: address.split('.').map(Number), groupBits: 8 }
  return isIpv6(address) ? { groups: ipv6Groups(address), groupBits: 16 } : null
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `::1` or `fd00::/8`; null for anything else, such as a host name. */
export const parseNetwork = (text: string): Network | null => {
  const [address = '', length] = text.split('/')
  const found = groupsOf(address)
  if (found === null) return null
  const { groups, groupBits } = found
  const prefix = length === undefined ? groups.length * groupBits : Number(length)
  return { groups: masked(groups, groupBits, prefix), groupBits, prefix }
}

/** Whether all addresses of `inner` belong to `outer`. */
export const contains = (outer: Network, inner: Network): boolean =>
  outer.groupBits === inner.groupBits &&
  outer.prefix <= inner.prefix &&
  masked(inner.groups, inner.groupBits, outer.prefix).every(
    (group, index) => group === outer.groups[index],
  )

/** Start and length of the longest run of zeros, the first of equals. */
const longestZeros = (groups: readonly number[]): readonly [start: number, length: number] => {
  let [start, length] = [0, 0]
  for (let from = 0; from < groups.length; from += 1) {
    let to = from
    while (groups[to] === 0) to += 1
    if (to - from > length) [start, length] = [from, to - from]
    from = to
  }
  return [start, length]
}

const hexText = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16)).join(':')

/** As RFC 5952 writes an IPv6 address: two zero groups and more, where most are, as `::`. */
const ipv6Text = (groups: readonly number[]): string => {
  const [start, length] = longestZeros(groups)
  return length < 2
    ? hexText(groups)
    : `${hexText(groups.slice(0, start))}::${hexText(groups.slice(start + length))}`
}

const textOf = ({ groups, groupBits }: Network): string =>
  groupBits === 8 ? groups.join('.') : ipv6Text(groups)

/** One spelling for every spelling of an address or a host name. */
export const canonicalHost = (host: string): string =>
  isIpv6(host) ? ipv6Text(ipv6Groups(host)) : host.toLowerCase()

/** Equal for listeners that are one: 80, *:80 and 0.0.0.0:80, and the spellings of one address. */
export const listenerKey = (address: Address): string => {
  if (address.kind === 'unix') return formatAddress(address)
  const { host } = address
  const isEverywhere = host === null || host === '0.0.0.0'
  return formatAddress({ ...address, host: isEverywhere ? null : canonicalHost(host) })
}

/** In CIDR form, always with its length: Tomcat tells networks from expressions by the slash. */
export const formatNetwork = (network: Network): string => `${textOf(network)}/${network.prefix}`

/** The same network without address bits behind the prefix; as it was written where it has none. */
export const withoutHostBits = (text: string): string => {
  const network = text.includes('/') ? parseNetwork(text) : null
  if (network === null) return text
  const { groups } = groupsOf(text.slice(0, text.indexOf('/'))) ?? network
  return groups.every((group, index) => group === network.groups[index])
    ? text
    : formatNetwork(network)
}
