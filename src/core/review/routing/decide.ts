import { formatAddress } from '../../model/address.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { UpstreamPair } from '../match.ts'
import type { Pair } from '../side.ts'
import { type Binding, bindingOf } from './binding.ts'
import { type Flow, flowsAtRandom, flowsByRoute, flowsThatStay } from './flow.ts'

/** What becomes of the clients of an upstream on their next request. */
export interface Routing {
  readonly flows: readonly Flow[]
  /** One sentence. */
  readonly reason: string
  /** The affinity does not find the servers of sessions at all: each request may go to another server. */
  readonly isBroken: boolean
  /** The cause, as the code of a risk; null: every client stays. */
  readonly cause: string | null
  readonly by: 'model' | 'rule'
}

/** Everything of an upstream that decides which server gets a request; names are not part of it. */
const decisive = ({ affinity, balance, servers }: Upstream): string =>
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

const stay = (pair: UpstreamPair, reason: string): Routing => ({
  flows: flowsThatStay(pair),
  reason,
  isBroken: false,
  cause: null,
  by: 'rule',
})

const atRandom = (pair: UpstreamPair, cause: string, reason: string): Routing => ({
  flows: flowsAtRandom(pair),
  reason,
  isBroken: false,
  cause,
  by: 'rule',
})

const isOneServer = ({ before, after }: UpstreamPair): boolean =>
  before.servers.length === 1 && after.servers.length === 1

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

const readsAddress = ({ affinity, balance }: Upstream): boolean => {
  if (affinity.method === 'ip_hash') return true
  const key = affinity.method === 'hash' ? affinity.key : balance.kind === 'hash' ? balance.key : ''
  return /\$\{?(?:binary_)?remote_addr/.test(key)
}

/** A hash whose method, key or servers changed. */
const byHash = (pair: UpstreamPair, clusters: Pair<Cluster>): Routing => {
  const { before, after } = pair
  const isSameList = decisive(before) === decisive(after)
  const hasOtherAddresses =
    readsAddress(after) &&
    addressSources(clusters.before, before) !== addressSources(clusters.after, after)
  if (hasOtherAddresses)
    return atRandom(
      pair,
      'client-address-changed',
      'the hash is computed from the client address, and the proxy takes another address for it',
    )
  if (isSameList) return stay(pair, 'nothing that the hash is computed from has changed')
  return atRandom(pair, 'hash-changed', 'the hash is distributed over another list of servers')
}

type RouteBinding = Extract<Binding, { readonly kind: 'route' }>

/** Whether requests that were served before name their server in a way that is read after the change. */
const isRead = (before: Binding, after: RouteBinding, pair: UpstreamPair): boolean =>
  (before.kind === 'route' && before.from === after.from) ||
  // Tomcat writes its route into session ids, whatever the proxy reads.
  (after.isInSessionId && pair.before.app.runtime === 'tomcat')

const byRoute = (before: Binding, after: RouteBinding, pair: UpstreamPair): Routing => {
  if (after.unread !== null)
    return {
      ...atRandom(
        pair,
        'routes-unreadable',
        `the proxy reads the cookie ${after.unread}, which the application does not send`,
      ),
      isBroken: true,
    }
  if (!isRead(before, after, pair))
    return atRandom(
      pair,
      before.kind === 'route' ? 'affinity-cookie-renamed' : 'method-changed',
      'requests of existing sessions do not name their server in the way that the proxy reads now',
    )
  const by = before.kind === 'route' ? before.by : 'route'
  return {
    flows: flowsByRoute(pair, by, after.by),
    reason: 'each request names its server',
    isBroken: false,
    cause: 'route-lost',
    by: 'rule',
  }
}

const byTable = (
  before: Binding,
  after: Extract<Binding, { readonly kind: 'table' }>,
  pair: UpstreamPair,
  isReloaded: boolean,
): Routing => {
  if (before.kind !== 'table')
    return atRandom(pair, 'method-changed', 'the table of the proxy has no existing session yet')
  if (before.from !== after.from)
    return atRandom(pair, 'table-lost', 'the proxy begins a new table of sessions')
  if (isReloaded && !after.keptOverReload)
    return atRandom(pair, 'table-lost', 'HAProxy loses its table of sessions with a reload')
  return {
    flows: flowsByRoute(pair, before.by, after.by),
    reason: 'the proxy keeps its table of sessions over a reload',
    isBroken: false,
    cause: 'route-lost',
    by: 'rule',
  }
}

/**
 * What becomes of the clients of an upstream behind one proxy.
 * @param targets the proxy on both sides; null: it is new.
 */
export const routingOf = (
  pair: UpstreamPair,
  targets: { readonly before: Target | null; readonly after: Target },
  clusters: Pair<Cluster>,
  isReloaded: boolean,
): Routing => {
  if (isOneServer(pair) && decisive(pair.before) === decisive(pair.after))
    return stay(pair, 'the upstream has one server')
  const after = bindingOf(pair.after, targets.after)
  const before = bindingOf(pair.before, targets.before ?? targets.after)
  switch (after.kind) {
    case 'route':
      return byRoute(before, after, pair)
    case 'table':
      return byTable(before, after, pair, isReloaded)
    case 'hash':
      return before.kind === 'hash' && before.title === after.title
        ? byHash(pair, clusters)
        : atRandom(pair, 'method-changed', 'clients are distributed by a hash that did not exist')
    default:
      return before.kind === 'none'
        ? stay(pair, 'requests are not bound to servers')
        : {
            ...atRandom(pair, 'affinity-removed', 'requests are no longer bound to servers'),
            isBroken: pair.after.servers.length > 1,
          }
  }
}
