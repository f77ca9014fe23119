import { formatAddress } from '../model/address.ts'
import type { Cluster, Frontend, Location, Server, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import { isPair, type Match, type Pair } from './side.ts'

/** What is the same on both sides, whatever its name. */
export interface Matches {
  readonly upstreams: readonly UpstreamMatch[]
  readonly frontends: readonly Match<Frontend>[]
  readonly stores: readonly Match<Store>[]
}

export interface UpstreamMatch extends Match<Upstream> {
  readonly servers: readonly Match<Server>[]
}

export interface UpstreamPair extends Pair<Upstream> {
  readonly servers: readonly Match<Server>[]
}

/** What identifies an item on one side; null: nothing of this kind. */
type Key<Item> = (item: Item) => string | null

/**
 * Pairs the items of two lists by the first key that both have; each item is used once. In the order of
 * the list after the change, then what was removed.
 */
export const matchBy = <Item>(
  before: readonly Item[],
  after: readonly Item[],
  keys: readonly Key<Item>[],
): readonly Match<Item>[] => {
  const left = new Set(before)
  const found = new Map<Item, Item>()
  for (const keyOf of keys) {
    const byKey = new Map<string, Item[]>()
    for (const item of left) {
      const key = keyOf(item)
      if (key === null) continue
      const same = byKey.get(key)
      if (same === undefined) byKey.set(key, [item])
      else same.push(item)
    }
    for (const item of after) {
      const key = found.has(item) ? null : keyOf(item)
      const other = key === null ? undefined : byKey.get(key)?.shift()
      if (other === undefined) continue
      found.set(item, other)
      left.delete(other)
    }
  }
  return [
    ...after.map((item) => ({ before: found.get(item) ?? null, after: item })),
    ...[...left].map((item) => ({ before: item, after: null })),
  ]
}

const nameOf = ({ name }: { readonly name: string }): string => name
const addressOf = ({ address }: Server): string => formatAddress(address)

/** A server is what listens on an address: a name can be given to another one. */
export const matchServers = (
  before: readonly Server[],
  after: readonly Server[],
): readonly Match<Server>[] =>
  matchBy(before, after, [
    (server) => `${server.name} ${addressOf(server)}`,
    addressOf,
    nameOf,
    ({ route }) => route,
  ])

/** The pairs of upstreams that share most of their servers, for those whose names have changed. */
const matchByServers = (
  before: readonly Upstream[],
  after: readonly Upstream[],
): ReadonlyMap<Upstream, Upstream> => {
  const owners = new Map<string, Upstream>()
  for (const upstream of before)
    for (const server of upstream.servers) owners.set(addressOf(server), upstream)
  const found = new Map<Upstream, Upstream>()
  const taken = new Set<Upstream>()
  for (const upstream of after) {
    const shared = new Map<Upstream, number>()
    for (const server of upstream.servers) {
      const owner = owners.get(addressOf(server))
      if (owner !== undefined) shared.set(owner, (shared.get(owner) ?? 0) + 1)
    }
    const [best] = [...shared].sort(([, one], [, other]) => other - one)
    if (best === undefined || taken.has(best[0])) continue
    const [owner, count] = best
    if (count * 2 < Math.max(owner.servers.length, upstream.servers.length)) continue
    taken.add(owner)
    found.set(upstream, owner)
  }
  return found
}

const serversOf = (match: Match<Upstream>): readonly Match<Server>[] =>
  matchServers(match.before?.servers ?? [], match.after?.servers ?? [])

const matchUpstreams = (before: Cluster, after: Cluster): readonly UpstreamMatch[] => {
  const named = matchBy(before.upstreams, after.upstreams, [nameOf])
  const removed = named.flatMap((match) => (match.after === null ? (match.before ?? []) : []))
  const added = named.flatMap((match) => (match.before === null ? (match.after ?? []) : []))
  const renamed = matchByServers(removed, added)
  const gone = new Set(renamed.values())
  return named.flatMap((match): readonly UpstreamMatch[] => {
    if (match.after === null && match.before !== null && gone.has(match.before)) return []
    const origin = match.after === null ? undefined : renamed.get(match.after)
    const whole = origin === undefined ? match : { before: origin, after: match.after }
    return [{ ...whole, servers: serversOf(whole) }]
  })
}

const listenersOf = ({ listeners }: Frontend): string =>
  listeners.map(({ address }) => formatAddress(address)).join(' ')

/** Where a store is, whatever it is called. */
const storeKey = ({ name: _, path: __, ...store }: Store): string => JSON.stringify(store)

export const matchClusters = (before: Cluster, after: Cluster): Matches => ({
  upstreams: matchUpstreams(before, after),
  frontends: matchBy(before.frontends, after.frontends, [
    nameOf,
    (frontend) => `${listenersOf(frontend)} ${frontend.serverNames.join(' ')}`,
    listenersOf,
  ]),
  stores: matchBy(before.stores, after.stores, [nameOf, storeKey]),
})

const matchKey = ({ match }: Location): string => `${match.kind} ${match.pattern}`

export const matchLocations = (match: Match<Frontend>): readonly Match<Location>[] =>
  matchBy(match.before?.locations ?? [], match.after?.locations ?? [], [matchKey])

/** The names of renamed things after the change, by their names before it. */
export const renames = (
  matches: readonly Match<{ readonly name: string }>[],
): ReadonlyMap<string, string> =>
  new Map(matches.filter(isPair).map(({ before, after }) => [before.name, after.name] as const))

/** Those on both sides. */
export const upstreamPairs = ({ upstreams }: Matches): readonly UpstreamPair[] =>
  upstreams.flatMap(({ before, after, servers }) =>
    before === null || after === null ? [] : [{ before, after, servers }],
  )
