import { atValue } from '../../../diagnostics/diagnostic.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Listener } from '../../../model/cluster.ts'
import { listenerKey } from '../../../model/network.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { certificatePath } from './certificates.ts'

export interface Bind {
  readonly address: string
  /** nginx's `[::]:80` is for IPv6 alone; HAProxy's would take IPv4 as well. */
  readonly isIpv6Only: boolean
  /** Paths; empty: no TLS. */
  readonly certificates: readonly string[]
}

/** The address as `bind` takes it; equal for listeners that are the same: 80, *:80 and 0.0.0.0:80. */
export const bindAddress = (address: Address): string =>
  address.kind === 'unix' ? `unix@${address.path}` : listenerKey(address)

/** HAProxy binds `PATH.PID.tmp` first and renames it. */
const longestSocketPath = 97

const checkListeners = (listeners: readonly Listener[], { findings }: Context): void => {
  const [first] = listeners
  for (const listener of listeners) {
    const { address, tls, path } = listener
    if (address.kind === 'unix' && address.path.length > longestSocketPath) {
      report(
        findings,
        'haproxy-socket-path',
        atValue(path),
        `the socket path has ${address.path.length} bytes, HAProxy can bind ${longestSocketPath}`,
        'shorten it',
      )
    }
    if ((tls === null) !== (first?.tls === null)) {
      report(
        findings,
        'haproxy-listener-tls',
        atValue(path),
        `another frontend listens on ${formatAddress(address)} ${tls === null ? 'with' : 'without'} TLS`,
        'give TLS to both or to none, or use another port',
      )
    }
  }
}

/** A line has 64 words: six, and two for each certificate. */
const mostCertificates = 29

export const bindOf = (address: string, listeners: readonly Listener[], context: Context): Bind => {
  checkListeners(listeners, context)
  const certificates = new Set(
    listeners.flatMap(({ tls, path }) =>
      tls === null ? [] : [certificatePath(tls, path, context)],
    ),
  )
  const last = listeners.at(-1)
  if (last && certificates.size > mostCertificates) {
    report(
      context.findings,
      'haproxy-certificates',
      atValue(last.path),
      `${address} has ${certificates.size} certificates, a line of HAProxy holds ${mostCertificates}`,
      'use a certificate for several names, or another address',
    )
  }
  return { address, isIpv6Only: address.startsWith('[::]:'), certificates: [...certificates] }
}
