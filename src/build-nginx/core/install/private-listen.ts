import type { Probe } from '../upgrade/probe.ts'

/** Options of a socket, which mean nothing on another address, or are refused there. */
const ofSockets =
  /^(backlog|rcvbuf|sndbuf|accept_filter|setfib|fastopen|ipv6only|so_keepalive|multipath)=|^(bind|deferred|reuseport|multipath|udp|quic)$/

const splitAddress = (text: string): { readonly host: string; readonly port: string } => {
  const [, host = '*', port = '80'] =
    /^(\[[^\]]*\]|[^:]*[^:\d-][^:]*|\d+\.\d+\.\d+\.\d+)?:?(\d+(?:-\d+)?)?$/.exec(text) ?? []
  return { host: host === '0.0.0.0' ? '*' : host.toLowerCase(), port }
}

/** One text for all ways to write an address of `listen`. */
const listenKey = (words: readonly string[]): string => {
  const [where = '', ...options] = words
  const protocol = options.some((word) => word === 'udp' || word === 'quic') ? ' udp' : ''
  if (where.startsWith('unix:')) return `${where}${protocol}`
  const { host, port } = splitAddress(where)
  return `${host}:${port}${protocol}`
}

/** Which `listen` accepts the connection of a probe: the most specific address, as in nginx. */
const matchingKey = ({ address, port }: Probe, keys: readonly string[]): string | null => {
  const isSix = address.includes(':')
  const wanted = [
    isSix ? `[${address}]:${port}` : `${address}:${port}`,
    ...(isSix ? [] : [`*:${port}`]),
    `[::]:${port}`,
  ]
  const exact = wanted.find((key) => keys.includes(key))
  if (exact !== undefined) return exact
  // A host name, or an address of a load balancer in front: only the port can be compared.
  const [only, ...others] = keys.filter((key) => key.endsWith(`:${port}`))
  return only !== undefined && others.length === 0 ? only : null
}

/** Where a copy of nginx listens instead, so that no client reaches it. */
export interface PrivateListeners {
  /** The words of a `listen` that replace those of the configuration. */
  readonly replace: (words: readonly string[]) => readonly string[]
  /** Whether the probe reaches one of the listeners. */
  readonly isProbed: boolean
}

/**
 * Every address becomes a unix socket in a folder of ours. That of the probe becomes a loopback port: the
 * client has an address there, which `allow` and `geo` look at.
 * @param all the words of each `listen` of the configuration.
 * @param sockets the folder of the unix sockets.
 */
export const privateListeners = (
  all: readonly (readonly string[])[],
  probe: Probe | null,
  port: number,
  sockets: string,
): PrivateListeners => {
  const keys = [...new Set(all.map(listenKey))]
  const probed = probe === null ? null : matchingKey(probe, keys)
  return {
    isProbed: probed !== null,
    replace: (words) => {
      const key = listenKey(words)
      const where =
        key === probed ? `127.0.0.1:${port}` : `unix:${sockets}/${keys.indexOf(key)}.sock`
      const kept = words.slice(1).filter((word) => !ofSockets.test(word))
      // A unix socket takes no datagrams here, and TLS of a datagram socket is another one.
      return [where, ...(key.endsWith(' udp') ? kept.filter((word) => word !== 'ssl') : kept)]
    },
  }
}
