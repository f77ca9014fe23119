import { type Address, formatAddress } from './address.ts'
import { type Ip, isLoopbackHost, networkAddress, parseIp } from './ip.ts'

/** A network of addresses; one address is a network of full length. */
export interface Network {
  /** Bits after the prefix are zero. */
  readonly address: Ip
  /** Length of the prefix, in bits. */
  readonly prefix: number
}

/** Four numbers of 8 bits for IPv4, eight of 16 bits for IPv6. */
export const groupsOf = ({ address }: Network): readonly number[] =>
  'octets' in address ? address.octets : address.parts

export const isIpv4Network = ({ address }: Network): boolean => address.kind() === 'ipv4'

const prefixOf = (text: string | undefined, bits: number): number | null => {
  if (text === undefined) return bits
  return /^\d{1,3}$/.test(text) && Number(text) <= bits ? Number(text) : null
}

interface Written {
  /** With the bits behind the prefix. */
  readonly ip: Ip
  readonly prefix: number
}

const readNetwork = (text: string): Written | null => {
  const [address = '', length, ...more] = text.split('/')
  const ip = parseIp(address)
  if (ip === null || more.length > 0) return null
  const prefix = prefixOf(length, ip.kind() === 'ipv4' ? 32 : 128)
  return prefix === null ? null : { ip, prefix }
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `::1` or `fd00::/8`; null for anything else, such as a host name. */
export const parseNetwork = (text: string): Network | null => {
  const read = readNetwork(text)
  return read === null
    ? null
    : { address: networkAddress(read.ip, read.prefix), prefix: read.prefix }
}

/** Whether all addresses of `inner` belong to `outer`. */
export const contains = (outer: Network, inner: Network): boolean =>
  outer.address.kind() === inner.address.kind() &&
  outer.prefix <= inner.prefix &&
  inner.address.match(outer.address, outer.prefix)

/** One spelling for every spelling of an address (RFC 5952) or a host name. */
export const canonicalHost = (host: string): string =>
  parseIp(host)?.toString() ?? host.toLowerCase()

/** Equal for addresses on one machine; loopback and Unix sockets are on one; null: no host is given. */
export const machineOf = (address: Address): string | null => {
  if (address.kind === 'unix') return 'localhost'
  const { host } = address
  if (host === null) return null
  return isLoopbackHost(host) ? 'localhost' : canonicalHost(host)
}

/** Equal for listeners that are one: 80, *:80 and 0.0.0.0:80, and the spellings of one address. */
export const listenerKey = (address: Address): string => {
  if (address.kind === 'unix') return formatAddress(address)
  const { host } = address
  const isEverywhere = host === null || host === '0.0.0.0'
  return formatAddress({ ...address, host: isEverywhere ? null : canonicalHost(host) })
}

/** In CIDR form, always with its length: Tomcat tells networks from expressions by the slash. */
export const formatNetwork = ({ address, prefix }: Network): string =>
  `${address.toString()}/${prefix}`

/** The same network without address bits behind the prefix; as it was written where it has none. */
export const withoutHostBits = (text: string): string => {
  const read = text.includes('/') ? readNetwork(text) : null
  if (read === null) return text
  const address = networkAddress(read.ip, read.prefix)
  return address.toString() === read.ip.toString()
    ? text
    : formatNetwork({ address, prefix: read.prefix })
}
