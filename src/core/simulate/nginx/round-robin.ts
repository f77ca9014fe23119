import { currentOf, nextTurn, passTurn, takeTurn } from '../turns.ts'
import { calmOf, settle } from './calm.ts'
import type { Calm, Group, Peer, Upstream } from './peers.ts'
import { isUsable, type Search, take, takeSingle, turnToBackups } from './search.ts'
import { peerOfSession } from './session-peer.ts'

/** Adds to the weights of the servers that may serve; the heaviest is the best. */
const weigh = (group: Group, search: Search): { best: Peer | null; total: number } => {
  let best: Peer | null = null
  let total = 0
  for (const peer of group.peers) {
    if (!isUsable(peer, search)) continue
    peer.currentWeight += peer.effectiveWeight
    total += peer.effectiveWeight
    if (peer.effectiveWeight < peer.server.weight) peer.effectiveWeight += 1
    if (best === null || peer.currentWeight > best.currentWeight) best = peer
  }
  return { best, total }
}

const nextOf = (group: Group, search: Search): Peer | null => {
  const pinned = peerOfSession(search)
  const calm = calmOf(group, search)
  if (calm !== null) return nextInCalm(calm, pinned, group, search)
  settle(group)
  // Requests of sessions count in the weights, but only one in a row.
  if (pinned !== null && pinned.currentWeight <= pinned.server.weight - group.totalWeight)
    return take(pinned, search)
  const { best, total } = weigh(group, search)
  const chosen = pinned ?? best
  if (chosen === null) return null
  chosen.currentWeight -= total
  return take(chosen, search)
}

/** The same, by turns. */
const nextInCalm = (
  { peers, turns, items }: Calm,
  pinned: Peer | null,
  group: Group,
  search: Search,
): Peer | null => {
  if (pinned === null) {
    const peer = peers[nextTurn(turns)]
    return peer === undefined ? null : take(peer, search)
  }
  const item = items[pinned.index] ?? -1
  const current = item === -1 ? pinned.currentWeight : currentOf(turns, item)
  if (current <= pinned.server.weight - group.totalWeight) return take(pinned, search)
  if (item === -1) {
    passTurn(turns)
    pinned.currentWeight -= turns.total
  } else takeTurn(turns, item)
  return take(pinned, search)
}

/** Smooth weighted round robin; the backup servers when no primary server may serve. */
export const nextInTurn = (upstream: Upstream, search: Search): Peer | null => {
  const { group } = search
  const peer = group.isSingle
    ? (takeSingleOfSession(search) ?? takeSingle(group.peers[0], search))
    : nextOf(group, search)
  if (peer !== null || !turnToBackups(upstream, search)) return peer
  return nextInTurn(upstream, search)
}

const takeSingleOfSession = (search: Search): Peer | null => {
  const pinned = peerOfSession(search)
  if (pinned === null) return null
  pinned.triedBy = search.number
  pinned.active += 1
  pinned.counts.active += 1
  return pinned
}
