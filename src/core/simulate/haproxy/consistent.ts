import { avalanche } from '../hashes/haproxy.ts'
import { firstFrom, type Ring, ringOf } from '../hashes/ring.ts'
import { next32, type Random } from '../random.ts'
import {
  type Backend,
  type BackendServer,
  candidatesOf,
  isFull,
  isUsable,
  weightScale,
} from './backend.ts'
import type { HashKeyOf } from './hash-key.ts'
import { type Method, nothingMoved } from './method.ts'

/** How far the ids of two servers are apart on the ring before they are mixed. */
const idStep = 4096

/** Where the points of a server begin: at a multiple of its id; in HAProxy 3.0, at its hash. */
export type RingIds = 'spaced' | 'mixed'

const firstPoint = (id: number, ids: RingIds): number =>
  ids === 'mixed' ? avalanche(id) : id * idStep

export interface Circle {
  readonly ids: RingIds
  ring: Ring
  /** By the owner of a point. */
  servers: readonly BackendServer[]
  /** The first backup server serves alone. */
  only: BackendServer | null
  /** The point of the last request without a key; -1: there was none. */
  last: number
  /** The weights of the servers before it when HAProxy started; by the index of the server. */
  readonly before: readonly number[]
  totalWeight: number
}

const pointsOf =
  (servers: readonly BackendServer[], ids: RingIds) =>
  (add: (hash: number, owner: number) => void): void => {
    for (const [owner, { id, server }] of servers.entries()) {
      const first = firstPoint(id, ids)
      for (let node = 0; node < server.weight * weightScale; node++)
        add(avalanche((first + node) >>> 0), owner)
    }
  }

const weightOf = (servers: readonly BackendServer[]): number =>
  servers.reduce((sum, { server }) => sum + server.weight * weightScale, 0)

const layOut = (
  backend: Backend,
  ids: RingIds,
): Pick<Circle, 'ring' | 'servers' | 'only' | 'totalWeight'> => {
  const candidates = candidatesOf(backend)
  const servers = candidates.kind === 'group' ? candidates.servers : []
  return {
    ring: ringOf(weightOf(servers), pointsOf(servers, ids)),
    servers,
    only: candidates.kind === 'one' ? candidates.server : null,
    totalWeight: weightOf(servers),
  }
}

/** HAProxy sums these up at the start only. */
const weightsBefore = ({ servers }: Backend): readonly number[] => {
  const sums = { active: 0, backup: 0 }
  return servers.map((each) => {
    const group = each.server.state === 'backup' ? 'backup' : 'active'
    const before = sums[group]
    if (isUsable(each)) sums[group] += each.server.weight * weightScale
    return before
  })
}

export const startCircle = (backend: Backend, ids: RingIds): Circle => ({
  ...layOut(backend, ids),
  ids,
  last: -1,
  before: weightsBefore(backend),
})

export const changeCircle = (circle: Circle, backend: Backend): void => {
  Object.assign(circle, layOut(backend, circle.ids))
}

/** `hash-balance-factor`: a server may have this share of the average of active requests, in percent. */
const hasRoom = (
  { index, server, served }: BackendServer,
  backend: Backend,
  { before, totalWeight }: Circle,
  factor: number,
): boolean => {
  const weight = server.weight * weightScale
  const slots = Math.floor(((backend.served + 1) * factor + 99) / 100)
  const remainder = slots % totalWeight
  const start = before[index] ?? 0
  const share = (sum: number): number => Math.floor((sum * remainder) / totalWeight)
  const own = weight * Math.floor(slots / totalWeight) + share(start + weight) - share(start)
  return served < Math.max(1, own)
}

const at = ({ ring, servers }: Circle, point: number): BackendServer | null =>
  servers[ring.owners[point] ?? -1] ?? null

/** The nearer of the two points around the hash; from there on, the next that may serve. */
export const nearest = (
  circle: Circle,
  backend: Backend,
  hash: number,
  avoided: BackendServer | null,
  factor: number,
): BackendServer | null => {
  const { hashes } = circle.ring
  if (circle.only !== null) return circle.only
  if (hashes.length === 0) return null
  const after = firstFrom(circle.ring, hash) % hashes.length
  const before = (after + hashes.length - 1) % hashes.length
  const toBefore = (hash - (hashes[before] ?? 0)) >>> 0
  const toAfter = ((hashes[after] ?? 0) - hash) >>> 0
  let point = toBefore <= toAfter ? before : after
  for (let wraps = 0; ; ) {
    const server = at(circle, point)
    if (server === null) return null
    if (server !== avoided && (factor === 0 || hasRoom(server, backend, circle, factor)))
      return server
    point += 1
    if (point < hashes.length) continue
    point = 0
    wraps += 1
    if (wraps > 1) return server
  }
}

/** Requests without a key take the points in turn. */
const inTurn = (circle: Circle, avoided: BackendServer | null): BackendServer | null => {
  if (circle.only !== null) return circle.only
  const { length } = circle.ring.hashes
  let passed: BackendServer | null = null
  for (let step = 0; step < length; step++) {
    circle.last = (circle.last + 1) % length
    const server = at(circle, circle.last)
    if (server === null || isFull(server)) continue
    passed = server
    if (server !== avoided) break
  }
  return passed
}

/** `hash-type consistent`: only the clients of a server that goes move. */
export const consistent = (
  hashOf: HashKeyOf,
  balanceFactor = 0,
  ids: RingIds = 'spaced',
): Method<Circle> => ({
  start: (backend) => startCircle(backend, ids),
  next: (circle, backend, request, avoided) => {
    // HAProxy computes no hash for one server.
    const hash = circle.servers.length === 1 ? 0 : hashOf(request)
    return hash === null
      ? inTurn(circle, avoided)
      : nearest(circle, backend, hash, avoided, balanceFactor)
  },
  changed: changeCircle,
  moved: nothingMoved,
})

/** The one with fewer active requests for its weight. HAProxy compares rates if both are equal. */
const lessBusy = (one: BackendServer, other: BackendServer): BackendServer =>
  other.served * one.server.weight > one.served * other.server.weight ? one : other

/** `random`: the less busy of two points of the ring by chance. */
export const randomPoints = (draws = 2, ids: RingIds = 'spaced'): Method<Circle> => ({
  start: (backend) => startCircle(backend, ids),
  next: (circle, backend, _, avoided, random: Random) => {
    let best = nearest(circle, backend, next32(random), avoided, 0)
    for (let draw = 1; draw < draws && best !== null; draw++) {
      const other = nearest(circle, backend, next32(random), avoided, 0)
      if (other !== null) best = lessBusy(best, other)
    }
    return best === null || isFull(best) ? null : best
  },
  changed: changeCircle,
  moved: nothingMoved,
})
