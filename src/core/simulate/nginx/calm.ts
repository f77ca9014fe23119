import { currentOf, turnsOf } from '../turns.ts'
import { type Calm, type Group, isDown, type Peer } from './peers.ts'
import { isBlocked, type Search } from './search.ts'

/** The weights go back to the peers. */
export const settle = (group: Group): void => {
  const { calm } = group
  if (calm === null) return
  for (const [item, peer] of calm.peers.entries()) peer.currentWeight = currentOf(calm.turns, item)
  for (const peer of calm.blocked) peer.currentWeight += calm.sessions * peer.effectiveWeight
  group.calm = null
}

const holds = ({ failures, now }: Calm, group: Group, search: Search): boolean =>
  failures === group.counts.failures && (now === null || now === search.now)

const layOut = (group: Group, search: Search): Calm => {
  const usable: Peer[] = []
  const items = new Int32Array(group.peers.length).fill(-1)
  const blocked: Peer[] = []
  let isRecovering = false
  for (const peer of group.peers) {
    if (isDown(peer)) continue
    if (isBlocked(peer, search.now)) {
      blocked.push(peer)
      continue
    }
    isRecovering ||= peer.effectiveWeight !== peer.server.weight
    items[peer.index] = usable.length
    usable.push(peer)
  }
  const turns = turnsOf(
    usable.map(({ effectiveWeight }) => effectiveWeight),
    usable.map(({ currentWeight }) => currentWeight),
  )
  return {
    peers: usable,
    turns,
    items,
    blocked,
    totalWeight: blocked.reduce((sum, peer) => sum + peer.effectiveWeight, turns.total),
    sessions: 0,
    isRecovering,
    failures: group.counts.failures,
    now: blocked.length > 0 ? search.now : null,
  }
}

const hasRecovering = ({ peers }: Group, { now }: Search): boolean =>
  peers.some(
    (peer) => peer.effectiveWeight !== peer.server.weight && !isDown(peer) && !isBlocked(peer, now),
  )

/** For a session, which adds to the weights of all peers; null: one by one. */
export const calmForSession = (group: Group, search: Search): Calm | null => {
  if (group.isLimited || search.failed.length > 0) return null
  if (group.calm !== null && holds(group.calm, group, search)) return group.calm
  settle(group)
  group.calm = layOut(group, search)
  return group.calm
}

/** For a round; null: the peers must be weighed one by one. */
export const calmOf = (group: Group, search: Search): Calm | null => {
  if (group.calm === null && hasRecovering(group, search)) return null
  const calm = calmForSession(group, search)
  return calm?.isRecovering ? null : calm
}
