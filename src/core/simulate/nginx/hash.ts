import { continued, crc32, finished } from '../hashes/crc32.ts'
import type { HashKey } from '../request.ts'
import { type Method, mostRejections } from './method.ts'
import { nextInTurn } from './round-robin.ts'
import { isUsable, take } from './search.ts'
import { peerOfSession } from './session-peer.ts'
import { peerAt } from './walk.ts'

type Key = string | Uint8Array

interface Work {
  /** Empty: round robin. */
  readonly key: Key
  hash: number
  /** How often the key was hashed. */
  rounds: number
  rejections: number
}

/** The hash of Cache::Memcached: the number of the round comes before the key, except in the first. */
export const memcachedHash = (key: Key, round: number): number => {
  const hash = round === 0 ? crc32(key) : finished(continued(continued(-1, String(round)), key))
  return (hash >>> 16) & 0x7fff
}

/** `hash KEY` */
export const hash = (keyOf: HashKey): Method<null, Work> => ({
  prepare: () => null,
  begin: (_, { request }) => ({ key: keyOf(request) ?? '', hash: 0, rounds: 0, rejections: 0 }),
  next: (upstream, search, _, work) => {
    const { group } = search
    if (work.rejections > mostRejections || group.peers.length < 2 || work.key.length === 0)
      return nextInTurn(upstream, search)
    const pinned = peerOfSession(search)
    if (pinned !== null) return take(pinned, search)
    while (work.rejections <= mostRejections) {
      work.hash += memcachedHash(work.key, work.rounds)
      work.rounds += 1
      const peer = peerAt(group, work.hash)
      if (peer !== null && isUsable(peer, search)) return take(peer, search)
      work.rejections += 1
    }
    return nextInTurn(upstream, search)
  },
})
