import type { Affinity } from './affinity.ts'
import { allPeers, type Upstream } from './peers.ts'
import type { Search } from './search.ts'
import { peerOfSession } from './session-peer.ts'

/** The session has a server, and that server cannot serve. */
const isRefused = (upstream: Upstream, search: Search): boolean =>
  search.sid !== null &&
  peerOfSession(search) === null &&
  allPeers(upstream).some(({ sid }) => sid === search.sid)

/** `sticky_strict on` of Angie: 502 instead of another server. */
export const strictSticky = <Memory>(affinity: Affinity<Memory>): Affinity<Memory> => ({
  ...affinity,
  next: (upstream, search, balanced) =>
    isRefused(upstream, search) ? null : affinity.next(upstream, search, balanced),
})
