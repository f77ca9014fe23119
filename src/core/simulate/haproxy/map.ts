import { type Backend, type BackendServer, candidatesOf, isFull } from './backend.ts'
import type { HashKeyOf } from './hash-key.ts'
import { type Method, nothingMoved } from './method.ts'

/** The weights laid out as a list of servers, and the place of the next request without a key. */
export interface ServerMap {
  slots: readonly BackendServer[]
  place: number
}

const greatestDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestDivisor(other, one % other)

/** Of all servers, also of those that are down. */
const divisorOf = ({ servers }: Backend): number =>
  servers.reduce((divisor, { server }) => greatestDivisor(divisor, server.weight), 0) || 1

/** Smooth: the server whose score rounds up to the most comes next; of equals, the first. */
const layOut = (servers: readonly BackendServer[], divisor: number): readonly BackendServer[] => {
  const weights = servers.map(({ server }) => Math.ceil(server.weight / divisor))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scores = servers.map(() => 0)
  return Array.from({ length: total }, () => {
    let best = 0
    let most = Number.NEGATIVE_INFINITY
    for (const [index, weight] of weights.entries()) {
      const score = (scores[index] ?? 0) + weight
      scores[index] = score
      const rounded = Math.trunc((score + total) / total)
      if (rounded <= most) continue
      most = rounded
      best = index
    }
    scores[best] = (scores[best] ?? 0) - total
    return servers[best]
  }).flatMap((server) => server ?? [])
}

const slotsOf = (backend: Backend): readonly BackendServer[] => {
  const candidates = candidatesOf(backend)
  if (candidates.kind === 'none') return []
  return candidates.kind === 'one'
    ? [candidates.server]
    : layOut(candidates.servers, divisorOf(backend))
}

/** Requests without a key take the slots in turn. */
const inTurn = (map: ServerMap, avoided: BackendServer | null): BackendServer | null => {
  const { slots } = map
  const from = map.place < slots.length ? map.place : 0
  let passed: { server: BackendServer; place: number } | null = null
  for (let step = 0; step < slots.length; step++) {
    const place = (from + step) % slots.length
    const server = slots[place]
    if (server === undefined || isFull(server)) continue
    passed = { server, place: place + 1 }
    if (server !== avoided) break
  }
  if (passed !== null) map.place = passed.place
  return passed?.server ?? null
}

/**
 * `hash-type map-based`, the default: any change of the servers lays the map out again, and moves most
 * clients. A server that does not answer is tried again, until a health check notices.
 */
export const mapBased = (hashOf: HashKeyOf): Method<ServerMap> => ({
  start: (backend) => ({ slots: slotsOf(backend), place: 0 }),
  next: (map, _, request, avoided) => {
    const { slots } = map
    if (slots.length === 0) return null
    const hash = hashOf(request)
    return hash === null ? inTurn(map, avoided) : (slots[hash % slots.length] ?? null)
  },
  changed: (map, backend) => {
    map.slots = slotsOf(backend)
  },
  moved: nothingMoved,
})
