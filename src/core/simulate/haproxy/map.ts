import { type Backend, type BackendServer, candidatesOf, isFull } from './backend.ts'
import type { HashKeyOf } from './hash-key.ts'
import { pop, push } from './heap.ts'
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

/**
 * Smooth: each server has a credit at the start, and gets others as its weight says, spread over the
 * slots. A slot takes a credit of the server that has the most; of equals, the first.
 */
const layOut = (servers: readonly BackendServer[], divisor: number): readonly BackendServer[] => {
  const weights = servers.map(({ server }) => Math.ceil(server.weight / divisor))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const credits = new Uint32Array(servers.length)
  const received = new Uint32Array(servers.length)
  /** By slot: the servers that get a credit there. */
  const due: number[][] = Array.from({ length: total + 1 }, () => [])
  /** By number of credits: the servers that have, or had, so many. */
  const holders: number[][] = []

  const give = (index: number): void => {
    const has = (credits[index] ?? 0) + 1
    const count = (received[index] ?? 0) + 1
    credits[index] = has
    received[index] = count
    holders[has] ??= []
    push(holders[has], index)
    due[Math.ceil((total * count) / (weights[index] ?? 1))]?.push(index)
  }

  const take = (): number => {
    for (let has = holders.length - 1; has > 0; has--) {
      const heap = holders[has] ?? []
      for (let index = pop(heap); index !== undefined; index = pop(heap)) {
        if (credits[index] !== has) continue
        credits[index] = has - 1
        holders[has - 1] ??= []
        push(holders[has - 1] ?? [], index)
        return index
      }
    }
    return -1
  }

  for (const index of servers.keys()) give(index)
  const slots: BackendServer[] = []
  for (let slot = 1; slot <= total; slot++) {
    for (const index of due[slot] ?? []) give(index)
    const server = servers[take()]
    if (server !== undefined) slots.push(server)
  }
  return slots
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
