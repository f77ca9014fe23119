import { currentOf, turnsOf } from '../turns.ts'
import { type Calm, type Group, isBlocked, isDown, type Peer, type Search } from './peers.ts'

/** The weights go back to the peers. */
export const settle = (group: Group): void => {
  const { calm } = group
  if (calm === null) return
  for (const [item, peer] of calm.peers.entries()) peer.currentWeight = currentOf(calm.turns, item)
  group.calm = null
}

const holds = ({ failures, now }: Calm, group: Group, search: Search): boolean =>
  failures === group.counts.failures && (now === null || now === search.now)

const layOut = (group: Group, search: Search): Calm | null => {
  const usable: Peer[] = []
  const items = new Int32Array(group.peers.length).fill(-1)
  let hasBlocked = false
  for (const peer of group.peers) {
    if (isDown(peer)) continue
    if (isBlocked(peer, search.now)) {
      hasBlocked = true
      continue
    }
    // After a failure, the weight of a peer grows again with each round.
    if (peer.effectiveWeight !== peer.server.weight) return null
    items[peer.index] = usable.length
    usable.push(peer)
  }
  return {
    peers: usable,
    turns: turnsOf(
      usable.map(({ server }) => server.weight),
      usable.map(({ currentWeight }) => currentWeight),
    ),
    items,
    failures: group.counts.failures,
    now: hasBlocked ? search.now : null,
  }
}

/** null: the peers must be weighed one by one. */
export const calmOf = (group: Group, search: Search): Calm | null => {
  if (group.isLimited || search.failed.length > 0) return null
  if (group.calm !== null && holds(group.calm, group, search)) return group.calm
  settle(group)
  group.calm = layOut(group, search)
  return group.calm
}
