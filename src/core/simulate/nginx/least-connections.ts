import { nextTurn } from '../turns.ts'
import { calmOf, settle } from './calm.ts'
import { type Method, methodOf } from './method.ts'
import type { Peer, Upstream } from './peers.ts'
import { nextInTurn } from './round-robin.ts'
import { isUsable, type Search, take, turnToBackups } from './search.ts'
import { peerOfSession } from './session-peer.ts'

/** Negative: the first has less to do for its weight. */
const compared = (one: Peer, other: Peer): number =>
  one.active * other.server.weight - other.active * one.server.weight

/** The server with the fewest active requests for its weight; of equals, the first. */
const leastBusy = (peers: readonly Peer[], search: Search): Peer | null => {
  let best: Peer | null = null
  for (const peer of peers) {
    if (isUsable(peer, search) && (best === null || compared(peer, best) < 0)) best = peer
  }
  return best
}

/** Round robin over the servers that have as little to do as the first. */
const inTurn = (first: Peer, peers: readonly Peer[], search: Search): Peer => {
  const equals = peers.filter(
    (peer) => peer.index >= first.index && isUsable(peer, search) && compared(peer, first) === 0,
  )
  if (equals.length < 2) return first
  let best = first
  let total = 0
  for (const peer of equals) {
    peer.currentWeight += peer.effectiveWeight
    total += peer.effectiveWeight
    if (peer.effectiveWeight < peer.server.weight) peer.effectiveWeight += 1
    if (peer.currentWeight > best.currentWeight) best = peer
  }
  best.currentWeight -= total
  return best
}

const next = (upstream: Upstream, search: Search): Peer | null => {
  const { group } = search
  if (group.isSingle) return nextInTurn(upstream, search)
  const pinned = peerOfSession(search)
  if (pinned !== null) return take(pinned, search)
  // Where no server has requests, all are equal.
  const calm = group.counts.active === 0 ? calmOf(group, search) : null
  if (calm !== null) {
    const peer = calm.peers[nextTurn(calm.turns)]
    if (peer !== undefined) return take(peer, search)
  } else settle(group)
  const first = leastBusy(group.peers, search)
  if (first !== null) return take(inTurn(first, group.peers, search), search)
  return turnToBackups(upstream, search) ? next(upstream, search) : null
}

/** `least_conn` */
export const leastConnections: Method<null, null> = methodOf(next)
