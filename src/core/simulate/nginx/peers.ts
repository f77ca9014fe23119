import { createHash } from 'node:crypto'
import type { Request } from '../request.ts'
import type { SimulatedServer } from '../server.ts'
import type { Turns } from '../turns.ts'

/** A server of an upstream block, with what nginx counts. */
export interface Peer {
  readonly server: SimulatedServer
  /** Position in its group. */
  readonly index: number
  /** What `sticky` compares: the route, or the MD5 of the address. */
  readonly sid: string
  /** Answers connections. */
  isAlive: boolean
  currentWeight: number
  effectiveWeight: number
  fails: number
  /** Seconds, of the last failure. */
  accessed: number
  /** Seconds, of the last failure or the last probe. */
  checked: number
  /** Requests that did not end. */
  active: number
  /** The number of the request that tried it last. */
  triedBy: number
  /** Shared by all peers of a group. */
  readonly counts: Counts
}

/** What is the same for all peers of a group. */
export interface Counts {
  /** Requests that did not end. */
  active: number
  /** How often a peer has failed, or was released from a failure. */
  failures: number
}

/** The peers that may serve any request, and their turns: nothing has failed since they were laid out. */
export interface Calm {
  readonly peers: readonly Peer[]
  readonly turns: Turns
  /** By the index of the peer in its group; -1: it may not serve. */
  readonly items: Int32Array
  /** Those that have failed too often. Sessions of other peers add to their weights, too. */
  readonly blocked: readonly Peer[]
  /** The effective weights of all peers that are not down. */
  readonly totalWeight: number
  /** How often sessions have added to the weights. */
  sessions: number
  /** The weight of a peer that had failed grows again with each round, so that rounds must be counted one by one. */
  readonly isRecovering: boolean
  /** The number of failures at that time. */
  readonly failures: number
  /** The second for which it holds, because peers are blocked; null: for any. */
  readonly now: number | null
}

/** The primary servers, or the backup servers. */
export interface Group {
  readonly peers: readonly Peer[]
  /** With those that are down: a hash keeps its modulus. */
  readonly totalWeight: number
  /** The only server of the block, whose failures nginx ignores. */
  readonly isSingle: boolean
  readonly counts: Counts
  /** Where the weight of each peer ends, of all laid end to end. */
  readonly ends: Float64Array
  /** The first peer with each `sid`. */
  readonly bySid: ReadonlyMap<string, Peer>
  readonly byRoute: ReadonlyMap<string, readonly Peer[]>
  /** Some peer has `max_conns`. */
  readonly isLimited: boolean
  /** The rounds of round robin while all is well; null: the peers have their weights themselves. */
  calm: Calm | null
}

export interface Upstream {
  readonly primary: Group
  /** null: there are none. */
  readonly backup: Group | null
  /** How many servers nginx tries for one request. */
  readonly tries: number
  /** Requests so far. */
  requests: number
}

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

/** nginx adds the default port to a name without one. */
const withPort = (address: string): string =>
  address.startsWith('unix:') || /:\d+$/.test(address.replace(/^\[.*\]/, ''))
    ? address
    : `${address}:80`

const sidOf = ({ route, address }: SimulatedServer): string =>
  route === '' ? createHash('md5').update(withPort(address)).digest('hex') : route

const peerOf = (server: SimulatedServer, index: number, counts: Counts): Peer => ({
  server,
  index,
  sid: sidOf(server),
  isAlive: true,
  currentWeight: 0,
  effectiveWeight: server.weight,
  fails: 0,
  accessed: 0,
  checked: 0,
  active: 0,
  triedBy: 0,
  counts,
})

const byRoute = (peers: readonly Peer[]): ReadonlyMap<string, readonly Peer[]> => {
  const found = new Map<string, Peer[]>()
  for (const peer of peers) {
    const same = found.get(peer.server.route)
    if (same === undefined) found.set(peer.server.route, [peer])
    else same.push(peer)
  }
  return found
}

const groupOf = (servers: readonly SimulatedServer[], isSingle: boolean): Group => {
  const counts = { active: 0, failures: 0 }
  const peers = servers.map((server, index) => peerOf(server, index, counts))
  let totalWeight = 0
  const ends = Float64Array.from(servers, ({ weight }) => {
    totalWeight += weight
    return totalWeight
  })
  return {
    peers,
    totalWeight,
    isSingle,
    counts,
    ends,
    // Of several peers with one sid, the first stays.
    bySid: new Map(peers.map((peer) => [peer.sid, peer] as const).reverse()),
    byRoute: byRoute(peers),
    isLimited: servers.some(({ maxConns }) => maxConns > 0),
    calm: null,
  }
}

/** Takes no requests of new clients. */
export const isDown = ({ server: { state } }: Peer): boolean =>
  state === 'down' || state === 'drain'

/** As `ngx_http_upstream_init_round_robin` reads the block. */
export const upstreamOf = (
  servers: readonly SimulatedServer[],
  /** `proxy_next_upstream_tries`; 0: no limit. */
  mostTries = 0,
): Upstream => {
  const primaries = servers.filter(({ state }) => state !== 'backup')
  const backups = servers.filter(({ state }) => state === 'backup')
  const primary = groupOf(primaries, primaries.length === 1 && backups.length === 0)
  const backup = backups.length === 0 ? null : groupOf(backups, false)
  const tries = primary.peers.filter((peer) => !isDown(peer)).length + backups.length
  return {
    primary,
    backup,
    tries: mostTries === 0 ? tries : Math.min(tries, mostTries),
    requests: 0,
  }
}

export const allPeers = ({ primary, backup }: Upstream): readonly Peer[] => [
  ...primary.peers,
  ...(backup?.peers ?? []),
]

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
