import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import { relocateFrontend } from './frontends.ts'
import { kept, mapped } from './mapping.ts'
import type { Places } from './places.ts'
import { relocateStore } from './stores.ts'
import { relocateTarget } from './targets.ts'
import { relocateUpstream } from './upstreams.ts'

/** Dialects compare upstreams and stores by identity: each is created once. */
const once = <Key, Value>(keys: readonly Key[], make: (key: Key) => Value) => {
  const made = new Map(keys.map((key) => [key, make(key)]))
  return (key: Key): Value => made.get(key) ?? make(key)
}

/**
 * The cluster with other addresses and files, for a configuration that is started on a host for which it
 * was not written. Every field of the model is mapped here or in the other files of this folder; a new field
 * does not compile until it is mapped.
 */
export const relocate = (cluster: Cluster, places: Places): Cluster => {
  const store = once(cluster.stores, (one: Store) => relocateStore(one, places))
  const upstream = once(cluster.upstreams, (one: Upstream) => relocateUpstream(one, store, places))
  return mapped<Cluster>(cluster, {
    name: kept,
    targets: (targets) => targets.map((one) => relocateTarget(one, places)),
    frontends: (frontends) => frontends.map((one) => relocateFrontend(one, upstream, places)),
    upstreams: (upstreams) => upstreams.map(upstream),
    stores: (stores) => stores.map(store),
    snippets: places.snippets,
  })
}
