import ipaddr from 'ipaddr.js'

/** A parsed address. */
export type Ip = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Four decimal numbers. `127.1`, `0x7f.0.0.1` and `010.0.0.1` are not accepted: servers reject them or
 * interpret them differently.
 */
const parseIpv4 = (text: string): ipaddr.IPv4 | null =>
  /^[\d.]+$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : null

const hexGroup = (high = 0, low = 0): string => (high * 256 + low).toString(16)

/** The same address without an IPv4 tail: there, ipaddr.js accepts octal, and reads `::1.2.3.4` as `::ffff:1.2.3.4`. */
const withoutIpv4Tail = (text: string): string | null => {
  if (!text.includes('.')) return text
  const start = text.lastIndexOf(':') + 1
  const tail = parseIpv4(text.slice(start))
  if (tail === null) return null
  const [a, b, c, d] = tail.octets
  return `${text.slice(0, start)}${hexGroup(a, b)}:${hexGroup(c, d)}`
}

/** Without a zone id: interfaces differ from host to host. */
const parseIpv6 = (text: string): ipaddr.IPv6 | null => {
  // A fast check, because this runs for every server.
  if (!text.includes(':') || text.includes('%')) return null
  const plain = withoutIpv4Tail(text)
  return plain !== null && ipaddr.IPv6.isValid(plain) ? ipaddr.IPv6.parse(plain) : null
}

/** An IPv4 or IPv6 address, without brackets; null for anything else, such as a host name. */
export const parseIp = (text: string): Ip | null => parseIpv4(text) ?? parseIpv6(text)

export const isIpv4 = (host: string): boolean => parseIpv4(host) !== null

export const isIpv6 = (host: string): boolean => parseIpv6(host) !== null

/** True if a DNS lookup is needed to connect. */
export const isHostName = (host: string): boolean => parseIp(host) === null

/** The address with the bits after the prefix set to zero. */
export const networkAddress = (ip: Ip, prefix: number): Ip =>
  'octets' in ip
    ? ipaddr.IPv4.networkAddressFromCIDR(`${ip.toString()}/${prefix}`)
    : ipaddr.IPv6.networkAddressFromCIDR(`${ip.toString()}/${prefix}`)

const mappedIpv4 = (ip: Ip): Ip =>
  'parts' in ip && ip.isIPv4MappedAddress() ? ip.toIPv4Address() : ip

/** 127.0.0.0/8 and ::1, and 127.0.0.0/8 written as IPv6 (`::ffff:127.0.0.1`). Names are not looked up. */
export const isLoopbackAddress = (address: string): boolean => {
  const ip = parseIp(address)
  return ip !== null && mappedIpv4(ip).range() === 'loopback'
}

/** The canonical form of an address, IPv4 if it is an IPv4-mapped IPv6 address; other text is returned unchanged. */
export const plainAddress = (address: string): string => {
  const ip = parseIp(address)
  return ip === null ? address : mappedIpv4(ip).toString()
}

/** `0.0.0.0` and `::`: valid for listening, not for connecting. */
export const isUnspecified = (address: string): boolean => {
  const ip = parseIp(address)
  return ip !== null && mappedIpv4(ip).range() === 'unspecified'
}

/** A loopback address, with or without brackets, or a name that is reserved for loopback (RFC 6761). */
export const isLoopbackHost = (host: string): boolean =>
  isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1')) ||
  /^(?:(?:.+\.)?localhost|localhost\.localdomain)\.?$/i.test(host)
