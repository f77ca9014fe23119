import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Server } from './cluster.ts'
import { isHostName } from './ip.ts'

/** TLS to the servers of an upstream. */
export interface ServerTls {
  readonly verify: boolean
  /** null: only without verify. */
  readonly ca: string | null
  /** null: the host of all addresses. */
  readonly serverName: string | null
  /** PEM file with certificate and private key. */
  readonly certificate: string | null
  readonly path: SpecPath
}

/** The name that is requested and expected in certificates; null: there is no single name. */
export const tlsNameOf = (tls: ServerTls, servers: readonly Server[]): string | null => {
  if (tls.serverName !== null) return tls.serverName
  const hosts = new Set(
    servers.map(({ address }) => (address.kind === 'inet' ? address.host : null)),
  )
  const [host = null] = hosts
  return hosts.size === 1 && host !== null && isHostName(host) ? host : null
}
