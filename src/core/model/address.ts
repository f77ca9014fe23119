/** A place to connect to or to listen on. */
export type Address =
  | {
      readonly kind: 'inet'
      /** IPv4, IPv6 (without brackets) or host name; null: every address of this host (listeners only). */
      readonly host: string | null
      readonly port: number
    }
  | { readonly kind: 'unix'; readonly path: string }

/** Four numbers up to 255. */
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?!$)|$)){4}$/

export const isIpv4 = (host: string): boolean => ipv4.test(host)

/** Eight groups of up to four hex digits, one run of zeros as `::`, perhaps an IPv4 tail (RFC 4291 §2.2). */
export const isIpv6 = (host: string): boolean => {
  // Asked for every server: most hosts end here.
  if (!host.includes(':')) return false
  const halves = host.split('::')
  if (halves.length > 2) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const tail = groups.at(-1)?.at(-1) ?? ''
  const hasIpv4Tail = isIpv4(tail)
  const plain = groups.flat()
  if (hasIpv4Tail) plain.pop()
  const length = plain.length + (hasIpv4Tail ? 2 : 0)
  const isWhole = halves.length === 2 ? length <= 7 : length === 8
  return isWhole && plain.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))
}

/** True where a look-up is needed before anybody can connect. */
export const isHostName = (host: string): boolean => !isIpv4(host) && !isIpv6(host)

const looksLikeIpv4 = (host: string): boolean => /^[\d.]+$/.test(host)

/** Reads `host:port`, `[v6]:port`, `unix:/path`, and for listeners also `port` and `*:port`; a string says what is wrong. */
export const parseAddress = (text: string): Address | string => {
  if (text.startsWith('unix:')) return { kind: 'unix', path: text.slice('unix:'.length) }
  const colon = text.lastIndexOf(':')
  const port = Number(text.slice(colon + 1))
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    return `port ${text.slice(colon + 1)} is not between 1 and 65535`
  const written = colon === -1 ? '*' : text.slice(0, colon)
  if (written === '*') return { kind: 'inet', host: null, port }
  if (written.startsWith('[')) {
    const host = written.slice(1, -1)
    return isIpv6(host) ? { kind: 'inet', host, port } : `"${host}" is not an IPv6 address`
  }
  if (looksLikeIpv4(written) && !isIpv4(written)) return `"${written}" is not an IPv4 address`
  return { kind: 'inet', host: written, port }
}

/** `host:port`, `[v6]:port` or `unix:/path`, as nginx and most others write it; `*:port` when there is no host. */
export const formatAddress = (address: Address): string => {
  if (address.kind === 'unix') return `unix:${address.path}`
  const { host, port } = address
  if (host === null) return `*:${port}`
  return isIpv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** An address or network in CIDR form whose parts are in range. */
export const isNetwork = (text: string): boolean => {
  const [address = '', prefix] = text.split('/')
  const bits = prefix === undefined ? 0 : Number(prefix)
  return (isIpv4(address) && bits <= 32) || (isIpv6(address) && bits <= 128)
}
