import { isIpv4, isIpv6 } from './ip.ts'

/** A place to connect to or to listen on. */
export type Address =
  | {
      readonly kind: 'inet'
      /** IPv4, IPv6 (without brackets) or host name; null: every address of this host (listeners only). */
      readonly host: string | null
      readonly port: number
    }
  | { readonly kind: 'unix'; readonly path: string }

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
