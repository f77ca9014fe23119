import { type SessionSource, sessionRoutes } from '../session-id.ts'
import { currentOf, takeTurn } from '../turns.ts'
import { type Affinity, nothingLearned, nothingSet } from './affinity.ts'
import { calmForSession, settle } from './calm.ts'
import { type Group, isDown, type Peer, type Upstream } from './peers.ts'
import { isUsable, isUsableForSession, type Search, take, turnToBackups } from './search.ts'

export interface JvmRoute extends SessionSource {
  /** 502 if the server of the route cannot serve. */
  readonly strict: boolean
  /** The method uses the weights of round robin: round robin itself, and `least_conn` for equals. */
  readonly weighted: boolean
}

/** Adds to the weights as round robin would, but for one request of a session in a row. */
const account = (peer: Peer, group: Group, search: Search): void => {
  if (group.isSingle || isDown(peer)) return
  const calm = calmForSession(group, search)
  if (calm !== null) {
    const item = calm.items[peer.index] ?? -1
    if (currentOf(calm.turns, item) <= peer.effectiveWeight - calm.totalWeight) return
    takeTurn(calm.turns, item, calm.totalWeight)
    calm.sessions += 1
    return
  }
  settle(group)
  const { peers } = group
  const total = peers.reduce((sum, each) => (isDown(each) ? sum : sum + each.effectiveWeight), 0)
  if (peer.currentWeight <= peer.effectiveWeight - total) return
  for (const each of peers) if (!isDown(each)) each.currentWeight += each.effectiveWeight
  peer.currentWeight -= total
}

/** null: the server of the route is unknown or cannot serve. */
const pinnedOf = (upstream: Upstream, search: Search, options: JvmRoute): Peer | null => {
  const { group, route } = search
  if (route === null) return null
  const peer = group.byRoute.get(route)?.find((each) => isUsableForSession(each, search))
  if (peer !== undefined) {
    if (options.weighted && group === upstream.primary) account(peer, group, search)
    // A drained server is not among the tries of nginx.
    if (isDown(peer) && group === upstream.primary) search.triesLeft += 1
    return take(peer, search)
  }
  const isBackup = upstream.backup?.byRoute.has(route) ?? false
  const mayTurn = options.strict || !group.peers.some((each) => isUsable(each, search))
  if (!isBackup || !mayTurn || !turnToBackups(upstream, search)) return null
  return pinnedOf(upstream, search, options)
}

/** `jvm_route` of the module: the server of the route in the session id, else the method. */
export const jvmRoute = (options: JvmRoute, routes: ReadonlySet<string>): Affinity<null> => {
  const routeOf = sessionRoutes(options)(routes)
  return {
    start: () => null,
    begin: (_, search) => {
      search.route = routeOf(search.request)
    },
    next: (upstream, search, balanced) => {
      const peer = pinnedOf(upstream, search, options)
      if (peer !== null) return peer
      return search.route !== null && options.strict ? null : balanced()
    },
    setCookies: nothingSet,
    end: nothingLearned,
  }
}
