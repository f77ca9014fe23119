import { change } from './change.ts'
import { arrive, type Crowd, homesOf, spreadOf } from './crowd.ts'
import type { Clients } from './population/clients.ts'
import type { Simulated } from './upstream/simulated.ts'

/** The clients of an upstream while a change is applied. */
export interface Audience {
  readonly clients: Clients
  /** So many of them, the first, send requests meanwhile. The others wait for the end of the change. */
  readonly busy: number
}

/** Where a waiting client was served; each is the address of a server, or null: no server answered. */
export interface Journey {
  readonly before: string | null
  /** Its first request after the change. */
  readonly next: string | null
  /** The one after it: another server than `next` means that the client is not bound to a server. */
  readonly again: string | null
}

/** What becomes of the waiting clients. Shares are from 0 to 1. */
export interface Rollout {
  readonly journeys: readonly Journey[]
  /** Whose next request gets 502 or 503. */
  readonly failed: number
  /** Of new clients, by the name of the server: what the balancing method gives. */
  readonly spread: {
    readonly before: Readonly<Record<string, number>>
    readonly after: Readonly<Record<string, number>>
  }
}

const seed = 1

/** More servers are restarted several at once: each restart takes a minute of the sessions that are learned. */
const mostRestarts = 3

const inBatches = (names: readonly string[]): readonly (readonly string[])[] => {
  const size = Math.max(1, Math.ceil(names.length / mostRestarts))
  return Array.from({ length: Math.ceil(names.length / size) }, (_, batch) =>
    names.slice(batch * size, (batch + 1) * size),
  )
}

/** Servers stop and start again, one after the other; their busy clients are served elsewhere meanwhile. */
const restart = (crowd: Crowd, names: readonly string[], busy: number): Crowd => {
  const numbers = homesOf(crowd.places, crowd.simulated)
  let now = crowd
  let stopped: readonly string[] = []
  for (const batch of [...inBatches(names), []]) {
    const homes = new Set(batch.map((name) => numbers.get(name)))
    const events = [
      ...stopped.map((server) => ({ kind: 'returns' as const, server })),
      ...batch.map((server) => ({ kind: 'dies' as const, server })),
    ]
    const isConcerned = (visitor: number, home: number): boolean =>
      visitor < busy && homes.has(home)
    now = change(now, { reload: null, events }, isConcerned).after
    stopped = batch
  }
  return now
}

const shares = (crowd: Crowd): Record<string, number> => {
  const { count } = crowd.visitors.clients
  return Object.fromEntries(
    [...spreadOf(crowd)].map(([name, clients]) => [name, count === 0 ? 0 : clients / count]),
  )
}

/**
 * Applies a change as it is applied in production: servers restart, then the proxy is reloaded, while some
 * clients send requests. A proxy that balances by turns counts the requests of sessions, too: the clients whose
 * sessions were moved by the restarts decide where those go that no longer name a server.
 * @param restarted the names of servers, before the change.
 */
export const rollOut = (
  before: Simulated,
  after: Simulated,
  { clients, busy }: Audience,
  restarted: readonly string[],
): Rollout => {
  const crowd = arrive(before, clients, seed)
  const ready = restarted.length === 0 ? crowd : restart(crowd, restarted, busy)
  const isBusy = (visitor: number): boolean => visitor < busy
  const { after: reloaded } = change(ready, { reload: after, events: [] }, isBusy)
  // The proxy runs on, and the sessions of the waiting clients are those of before.
  const outcome = change(
    { ...reloaded, simulated: before },
    { reload: { ...after, start: () => reloaded.started }, events: [] },
  )
  const nothing = { reload: null, events: [] }
  const { after: last } = change(outcome.after, nothing, (visitor) => !isBusy(visitor))
  const placeIn = ({ visitors, places }: Crowd, visitor: number): string | null =>
    places[visitors.homes[visitor] ?? -1] ?? null
  return {
    journeys: Array.from({ length: clients.count - busy }, (_, index) => ({
      before: placeIn(crowd, busy + index),
      next: placeIn(outcome.after, busy + index),
      again: placeIn(last, busy + index),
    })),
    failed: clients.count === 0 ? 0 : outcome.failed / clients.count,
    spread: { before: shares(crowd), after: shares(arrive(after, clients, seed)) },
  }
}
