import { formatAddress } from '../../model/address.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { UpstreamPair } from '../match.ts'
import type { Pair } from '../side.ts'
import type { Models } from './models.ts'

/** What a review asks about one upstream behind one proxy. */
export interface Question {
  readonly pair: UpstreamPair
  readonly targets: Pair<Target>
  readonly clusters: Pair<Cluster>
  /** How the proxy gets its new configuration. */
  readonly step: 'none' | 'reload' | 'restart'
  /** The names of servers that restart, before the change. */
  readonly restarted: readonly string[]
  readonly models: Models
}

/** Everything of an upstream that decides which server gets a request; names are not part of it. */
export const decisive = ({ affinity, balance, servers }: Upstream): string =>
  JSON.stringify([
    { ...affinity, path: null, via: null, onFailure: null },
    balance,
    servers.map(({ address, route, state, weight }) => [
      formatAddress(address),
      route,
      state,
      weight,
    ]),
  ])

/** Where the client address comes from, for the frontends that lead to an upstream. */
const addressSources = ({ frontends }: Cluster, upstream: Upstream): string =>
  JSON.stringify(
    frontends
      .filter(({ locations }) =>
        locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
      )
      .map(({ clientAddress, proxyProtocol }) => [
        clientAddress?.trust ?? null,
        clientAddress?.header ?? null,
        proxyProtocol?.trust ?? null,
      ]),
  )

/** Whether the server of a request follows from the address of its client. */
export const readsAddress = ({ affinity, balance }: Upstream): boolean => {
  if (affinity.method === 'ip_hash') return true
  const key = affinity.method === 'hash' ? affinity.key : balance.kind === 'hash' ? balance.key : ''
  return /\$\{?(?:binary_)?remote_addr/.test(key)
}

/** Whether a proxy that chooses servers by client address takes another address for it than before. */
export const hasOtherAddresses = (
  { before, after }: UpstreamPair,
  clusters: Pair<Cluster>,
): boolean =>
  readsAddress(after) &&
  addressSources(clusters.before, before) !== addressSources(clusters.after, after)
