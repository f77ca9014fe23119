import { change, type Outcome } from './change.ts'
import { arrive, type Crowd, spreadOf } from './crowd.ts'
import type { Clients } from './population/clients.ts'
import type { Simulated } from './upstream/simulated.ts'

/** What the change from one configuration to another does to clients. Shares are from 0 to 1. */
export interface Comparison {
  readonly clients: number
  /** Whose next request goes to another server. */
  readonly moved: number
  /** The same if nothing had changed: more than 0 where no affinity keeps clients on their servers. */
  readonly movedAnyway: number
  /** Whose next request gets 502 or 503. */
  readonly failed: number
  /** Whose next request is first sent to a server that does not answer. */
  readonly retried: number
  /** Of the clients with a session: the server of the next request does not have it. */
  readonly lost: number
  /** By where sessions are. */
  readonly lostWith: Outcome['lostWith']
  /** Of new clients, by the name of the server: what the balancing method gives. */
  readonly spread: {
    readonly before: Readonly<Record<string, number>>
    readonly after: Readonly<Record<string, number>>
  }
  /** Of each client: the address of the server before, and of its next request; null: no server. */
  readonly from: readonly (string | null)[]
  readonly to: readonly (string | null)[]
}

export interface ComparisonOptions {
  readonly seed: number
  /** Names of servers that stop answering at the same time. */
  readonly dying: readonly string[]
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

const shares = (spread: ReadonlyMap<string, number>, clients: number): Record<string, number> =>
  Object.fromEntries([...spread].map(([name, count]) => [name, share(count, clients)]))

const placesIn = ({ visitors, places }: Crowd): readonly (string | null)[] =>
  Array.from(visitors.homes, (home) => places[home] ?? null)

/**
 * Sends the first requests of all clients to the old configuration, reloads the proxy with the new one,
 * and sends their next requests. The same clients and the same seed give the same figures.
 */
export const compare = (
  before: Simulated,
  after: Simulated,
  clients: Clients,
  { seed, dying }: ComparisonOptions = { seed: 1, dying: [] },
): Comparison => {
  const crowd = arrive(before, clients, seed)
  const unchanged = change(crowd, { reload: null, events: [] })
  const outcome = change(crowd, {
    reload: after,
    events: dying.map((server) => ({ kind: 'dies', server })),
  })
  const { sessions, lostWith } = outcome
  const { count } = clients
  return {
    clients: count,
    moved: share(outcome.moved, count),
    movedAnyway: share(unchanged.moved, count),
    failed: share(outcome.failed, count),
    retried: share(outcome.retried, count),
    lost: share(outcome.lost, sessions),
    lostWith: {
      server: share(lostWith.server, sessions),
      backup: share(lostWith.backup, sessions),
      all: share(lostWith.all, sessions),
      store: share(lostWith.store, sessions),
    },
    spread: {
      before: shares(spreadOf(crowd), count),
      after: shares(spreadOf(arrive(after, clients, seed)), count),
    },
    from: placesIn(crowd),
    to: placesIn(outcome.after),
  }
}
