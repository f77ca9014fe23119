import { createHash } from 'node:crypto'
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
