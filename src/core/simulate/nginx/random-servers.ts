import { nextBelow, type Random } from '../random.ts'
import { type Method, mostRejections } from './method.ts'
import type { Peer } from './peers.ts'
import { nextInTurn } from './round-robin.ts'
import { isUsable, type Search, take } from './search.ts'
import { peerOfSession } from './session-peer.ts'
import { peerAt } from './walk.ts'

interface Work {
  rejections: number
}

/** A server by chance, by weight, that may serve and is not `other`; null after 20 rejections. */
const drawn = (
  search: Search,
  work: Work,
  random: Random,
  other: Peer | null = null,
): Peer | null => {
  while (work.rejections <= mostRejections) {
    const peer = peerAt(search.group, nextBelow(random, search.group.totalWeight))
    if (peer !== null && peer !== other && isUsable(peer, search)) return peer
    work.rejections += 1
  }
  return null
}

const methodWith = (
  choose: (search: Search, work: Work, random: Random) => Peer | null,
): Method<null, Work> => ({
  prepare: () => null,
  begin: () => ({ rejections: 0 }),
  next: (upstream, search, _, work, random) => {
    if (work.rejections > mostRejections || search.group.peers.length < 2)
      return nextInTurn(upstream, search)
    const pinned = peerOfSession(search)
    if (pinned !== null) return take(pinned, search)
    const peer = choose(search, work, random)
    return peer === null ? nextInTurn(upstream, search) : take(peer, search)
  },
})

/** `random` */
export const random: Method<null, Work> = methodWith(drawn)

/** `random two least_conn` */
export const randomOfTwo: Method<null, Work> = methodWith((search, work, source) => {
  const one = drawn(search, work, source)
  const two = one === null ? null : drawn(search, work, source, one)
  if (one === null || two === null) return null
  return two.active * one.server.weight > one.active * two.server.weight ? one : two
})
