import { isIpv4, isIpv6 } from '../../model/address.ts'

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

/** Reads `10.0.0.1`, `10.0.0.0/8`, `::1` or `fd00::/8`; null for anything else, such as a host name. */
export const parseNetwork = (text: string): Network | null => {
  const [address = '', length] = text.split('/')
  const groupBits = isIpv4(address) ? 8 : isIpv6(address) ? 16 : null
  if (groupBits === null) return null
  const groups = groupBits === 8 ? address.split('.').map(Number) : ipv6Groups(address)
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

const hexText = (groups: readonly number[]): string =>
  groups
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(^|:)0(:0)+(:|$)/, '::')

/** In CIDR form, always with its length: Tomcat tells networks from expressions by the slash. */
export const formatNetwork = ({ groups, groupBits, prefix }: Network): string =>
  `${groupBits === 8 ? groups.join('.') : hexText(groups)}/${prefix}`
