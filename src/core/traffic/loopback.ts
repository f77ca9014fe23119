import type { Upstream } from '../model/cluster.ts'
import { isLoopbackAddress } from '../model/ip.ts'
import type { FigureName } from './figures/figures.ts'
import type { Scenario, Size } from './scenario.ts'

/** Whether clients could have addresses of their own: all of 127/8 is this host, and `::1` is alone. */
export const mayHaveManyAddresses = (address: string): boolean =>
  isLoopbackAddress(address) && !address.includes(':')

/** A client of the scenarios would use it; only Linux has more of 127/8 than 127.0.0.1 by itself. */
export const someClientAddress = '127.1.1.1'

/** Figures of new clients, whom a balancer may send by their addresses. */
const ofNewClients: readonly FigureName[] = ['even', 'rejoined', 'avoided']

/** Whether the address of a client decides which server it gets. */
const isByAddress = ({ affinity }: Pick<Upstream, 'affinity'>): boolean =>
  affinity.method === 'ip_hash' ||
  (affinity.method === 'hash' && /remote_addr|proxy_protocol_addr/.test(affinity.key))

export const oneAddress = 'all clients have the same address on this host'

/** Why a scenario shows nothing where all clients have one address; null: it shows what it should. */
export const untestableWithOneAddress = (
  { behaviour, checks }: Scenario,
  size: Size,
  upstream: Pick<Upstream, 'affinity'> | null,
): string | null => {
  const { source } = behaviour(size)
  if (source === 'subnet' || source === 'edges') return oneAddress
  const isOfNewClients = checks.some(({ figure }) => ofNewClients.includes(figure))
  const needsMany = source === 'own' && isOfNewClients && upstream !== null && isByAddress(upstream)
  return needsMany ? `${oneAddress}, and the balancer chooses servers by client address` : null
}
