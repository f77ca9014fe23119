import {
  type Group,
  isUsable,
  type Peer,
  type Search,
  take,
  takeSingle,
  turnToBackups,
  type Upstream,
} from './peers.ts'
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
  // Requests of sessions count in the weights, but only one in a row.
  if (pinned !== null && pinned.currentWeight <= pinned.server.weight - group.totalWeight)
    return take(pinned, search)
  const { best, total } = weigh(group, search)
  const chosen = pinned ?? best
  if (chosen === null) return null
  chosen.currentWeight -= total
  return take(chosen, search)
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
  return pinned
}
