import ipaddr from 'ipaddr.js'

/** A parsed address. */
export type Ip = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Four decimal numbers. `127.1`, `0x7f.0.0.1` and `010.0.0.1` are none: servers refuse them or disagree
 * about what they mean.
 */
const parseIpv4 = (text: string): ipaddr.IPv4 | null =>
  /^[\d.]+$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : null

const hexGroup = (high = 0, low = 0): string => (high * 256 + low).toString(16)

/** The same address without an IPv4 tail: ipaddr.js accepts octal there, and takes `::1.2.3.4` for `::ffff:1.2.3.4`. */
const withoutIpv4Tail = (text: string): string | null => {
  if (!text.includes('.')) return text
  const start = text.lastIndexOf(':') + 1
  const tail = parseIpv4(text.slice(start))
  if (tail === null) return null
  const [a, b, c, d] = tail.octets
  return `${text.slice(0, start)}${hexGroup(a, b)}:${hexGroup(c, d)}`
}

/** Without a zone id: what is on which interface is different on every host. */
const parseIpv6 = (text: string): ipaddr.IPv6 | null => {
  // Asked for every server: most hosts end here.
  if (!text.includes(':') || text.includes('%')) return null
  const plain = withoutIpv4Tail(text)
  return plain !== null && ipaddr.IPv6.isValid(plain) ? ipaddr.IPv6.parse(plain) : null
}

/** An IPv4 or IPv6 address, without brackets; null for anything else, such as a host name. */
export const parseIp = (text: string): Ip | null => parseIpv4(text) ?? parseIpv6(text)

export const isIpv4 = (host: string): boolean => parseIpv4(host) !== null

export const isIpv6 = (host: string): boolean => parseIpv6(host) !== null

/** True where a look-up is needed before anybody can connect. */
export const isHostName = (host: string): boolean => parseIp(host) === null

/** The address with the bits behind the prefix set to zero. */
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

/** One spelling of an address, IPv4 where it only is written as IPv6; any other text as it is. */
export const plainAddress = (address: string): string => {
  const ip = parseIp(address)
  return ip === null ? address : mappedIpv4(ip).toString()
}

/** `0.0.0.0` and `::`: to listen on, not to connect to. */
export const isUnspecified = (address: string): boolean => {
  const ip = parseIp(address)
  return ip !== null && mappedIpv4(ip).range() === 'unspecified'
}

/** A loopback address, perhaps in brackets, or a name that is reserved for one (RFC 6761). */
export const isLoopbackHost = (host: string): boolean =>
  isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1')) ||
  /^(?:(?:.+\.)?localhost|localhost\.localdomain)\.?$/i.test(host)
