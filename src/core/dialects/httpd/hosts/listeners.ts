import { atValue } from '../../../diagnostics/diagnostic.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Frontend, Listener } from '../../../model/cluster.ts'
import { canonicalHost } from '../../../model/network.ts'
import { tlsConflict } from '../../sites.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

/** One Listen line. */
export interface ListenView {
  readonly address: string
  readonly isTls: boolean
}

type Inet = Extract<Address, { kind: 'inet' }>

/** What Listen takes: nginx's `80` is for IPv4 alone, httpd's would take IPv6 as well. */
const listenAddress = ({ host, port }: Inet): string =>
  formatAddress({ kind: 'inet', host: host === null ? '0.0.0.0' : canonicalHost(host), port })

/** What VirtualHost takes: it does not know IPv4 from IPv6 where it means every address. */
export const hostAddress = ({ host, port }: Inet): string => {
  const isEverywhere = host === null || host === '0.0.0.0' || canonicalHost(host) === '::'
  return formatAddress({ kind: 'inet', host: isEverywhere ? null : canonicalHost(host), port })
}

/** The listeners that httpd can have; a finding for the others. */
export const inetListeners = (
  { listeners }: Frontend,
  { findings }: Context,
): readonly (Listener & { readonly address: Inet })[] =>
  listeners.flatMap((listener) => {
    const { address, path } = listener
    if (address.kind === 'inet') return [{ ...listener, address }]
    report(
      findings,
      'httpd-listener',
      atValue(path),
      `httpd cannot listen on a UNIX socket (${address.path})`,
      'use a port on 127.0.0.1',
    )
    return []
  })

/** Each address once; a finding where two frontends do not agree on TLS. */
export const listenViews = (context: Context): readonly ListenView[] => {
  const views = new Map<string, ListenView>()
  for (const frontend of context.cluster.frontends) {
    for (const { address, tls, path } of inetListeners(frontend, context)) {
      const key = listenAddress(address)
      const isTls = tls !== null
      const known = views.get(key)
      if (known && known.isTls !== isTls) {
        const conflict = tlsConflict('another frontend', key, isTls)
        report(context.findings, 'httpd-listener-tls', atValue(path), ...conflict)
      }
      views.set(key, known ?? { address: key, isTls })
    }
  }
  return [...views.values()]
}
