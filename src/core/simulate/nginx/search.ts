import type { Request } from '../request.ts'
import { type Group, isDown, type Peer, type Upstream } from './peers.ts'

/** A request while nginx looks for a server. */
export interface Search {
  readonly request: Request
  /** nginx counts whole seconds. */
  readonly now: number
  /** The number of the request. */
  readonly number: number
  /** Where nginx looks: first at the primary servers, then at the backup servers. */
  group: Group
  triesLeft: number
  /** The server that `sticky` asks for; null: any. */
  sid: string | null
  /** The route that the jvm_route module asks for; null: any. */
  route: string | null
  /** The names of the servers that have not answered. */
  failed: readonly string[]
}

const none: readonly string[] = []

export const searchFor = (upstream: Upstream, request: Request): Search => {
  upstream.requests += 1
  return {
    request,
    now: Math.floor(request.time),
    number: upstream.requests,
    group: upstream.primary,
    triesLeft: upstream.tries,
    sid: null,
    route: null,
    failed: none,
  }
}

/** Has failed too often, and not long enough ago. */
export const isBlocked = ({ server, fails, checked }: Peer, now: number): boolean =>
  server.maxFails > 0 && fails >= server.maxFails && now - checked <= server.failTimeout

const isFull = ({ server, active }: Peer): boolean =>
  server.maxConns > 0 && active >= server.maxConns

/** May serve a request of any client. */
export const isUsable = (peer: Peer, { number, now }: Search): boolean =>
  peer.triedBy !== number && !isDown(peer) && !isBlocked(peer, now) && !isFull(peer)

/** May serve a request of its own session: a drained server may. */
export const isUsableForSession = (peer: Peer, { number, now }: Search): boolean =>
  peer.triedBy !== number && peer.server.state !== 'down' && !isBlocked(peer, now) && !isFull(peer)

/** The request is sent to the server. */
export const take = (peer: Peer, search: Search): Peer => {
  if (search.now - peer.checked > peer.server.failTimeout) peer.checked = search.now
  peer.triedBy = search.number
  peer.active += 1
  peer.counts.active += 1
  return peer
}

/** The only server of a block is used unless it is down or full. */
export const takeSingle = (peer: Peer | undefined, search: Search): Peer | null => {
  if (peer === undefined || isDown(peer) || isFull(peer)) return null
  peer.triedBy = search.number
  peer.active += 1
  peer.counts.active += 1
  return peer
}

/** The server did not answer, and nginx tries the next one. */
export const fail = (peer: Peer, search: Search): void => {
  peer.active -= 1
  peer.counts.active -= 1
  peer.counts.failures += 1
  search.failed = [...search.failed, peer.server.name]
  if (search.group.isSingle) {
    peer.fails = 0
    search.triesLeft = 0
    return
  }
  const { weight, maxFails } = peer.server
  peer.fails += 1
  peer.accessed = search.now
  peer.checked = search.now
  if (maxFails > 0) {
    const lost = Math.trunc(weight / maxFails)
    peer.effectiveWeight = Math.max(0, peer.effectiveWeight - lost)
  }
  search.triesLeft -= 1
}

/** The response has been sent. */
export const release = (peer: Peer, isSingle: boolean): void => {
  peer.active -= 1
  peer.counts.active -= 1
  if (peer.fails === 0 || (!isSingle && peer.accessed >= peer.checked)) return
  peer.fails = 0
  peer.counts.failures += 1
}

/** The backup servers come next; false: there are none, or they were tried. */
export const turnToBackups = (upstream: Upstream, search: Search): boolean => {
  if (upstream.backup === null || search.group === upstream.backup) return false
  search.group = upstream.backup
  return true
}
