import type { Upstream } from '../model/cluster.ts'
import { isLoopbackAddress } from '../model/ip.ts'
import type { FigureName } from './figures/figures.ts'
import type { Scenario, Size } from './scenario.ts'

/** Whether clients could have different addresses: possible for 127/8, not for `::1`. */
export const mayHaveManyAddresses = (address: string): boolean =>
  isLoopbackAddress(address) && !address.includes(':')

/** An address to test for: by default, only Linux has more addresses of 127/8 than 127.0.0.1. */
export const someClientAddress = '127.1.1.1'

/** Figures that depend on how servers are chosen for new clients. */
const ofNewClients: readonly FigureName[] = ['even', 'rejoined', 'avoided']

/** Whether servers are chosen by client address. */
const isByAddress = ({ affinity }: Pick<Upstream, 'affinity'>): boolean =>
  affinity.method === 'ip_hash' ||
  (affinity.method === 'hash' && /remote_addr|proxy_protocol_addr/.test(affinity.key))

export const oneAddress = 'all clients have the same address on this host'

/** Why a scenario cannot be tested with one client address; null: it can. */
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
