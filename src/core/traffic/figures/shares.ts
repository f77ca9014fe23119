import { type ClusterEvent, isServed, type Observation } from '../exchange.ts'
import type { ScenarioRun } from '../scenario.ts'

/** The observations of each client, in the order given. */
export const byClient = (
  observations: readonly Observation[],
): ReadonlyMap<number, readonly Observation[]> => {
  const clients = new Map<number, Observation[]>()
  for (const observation of observations) {
    const own = clients.get(observation.client)
    if (own === undefined) clients.set(observation.client, [observation])
    else own.push(observation)
  }
  return clients
}

/** The first known server of each client. */
export const firstServers = (served: readonly Observation[]): ReadonlyMap<number, string> => {
  const firsts = new Map<number, string>()
  for (const { client, server } of served)
    if (server !== null && !firsts.has(client)) firsts.set(client, server)
  return firsts
}

/** Requests that went to the server of the client's previous request, of all that had one. */
export const stickyShare = (served: readonly Observation[]): number | null => {
  const last = new Map<number, string>()
  let [pairs, stayed] = [0, 0]
  for (const { client, server } of served) {
    if (server === null) continue
    const before = last.get(client)
    if (before !== undefined) {
      pairs++
      if (before === server) stayed++
    }
    last.set(client, server)
  }
  return pairs === 0 ? null : stayed / pairs
}

const newcomersOf = (served: readonly Observation[]): readonly Observation[] =>
  served.filter(({ phase, server }) => phase === 'newcomers' && server !== null)

/** New clients that were not sent to the server of the event, of all new clients. */
export const avoidedShare = (
  served: readonly Observation[],
  clusterEvents: readonly ClusterEvent[],
): number | null => {
  const server = clusterEvents.at(-1)?.server ?? null
  const newcomers = newcomersOf(served)
  if (server === null || newcomers.length === 0) return null
  return newcomers.filter((one) => one.server !== server).length / newcomers.length
}

/** 1 if the server of the last event has new clients, otherwise 0. */
export const rejoinedShare = (
  served: readonly Observation[],
  clusterEvents: readonly ClusterEvent[],
): number | null => {
  const avoided = avoidedShare(served, clusterEvents)
  return avoided === null ? null : avoided < 1 ? 1 : 0
}

/**
 * Whether the later response still knows the session of the earlier one; null: unknown, for example for
 * parallel requests. A lower count means an older copy of the session, the first count a new session.
 */
const isKept = (start: number | null, before: Observation, later: Observation): boolean | null => {
  if (later.atMs < before.atMs + before.tookMs) return null
  if (before.count !== null && later.count !== null)
    return later.count > Math.min(before.count, start ?? before.count)
  if (before.session === null || later.session === null) return null
  return before.session === later.session
}

const tells = ({ count, session }: Observation): boolean => count !== null || session !== null

/**
 * Whether each later response of a client still knew its session; null: unknown.
 * @param own the requests of one client, in their order.
 */
export const isSessionKept = (own: readonly Observation[], hasEvent: boolean): boolean | null => {
  const telling = own.filter((one) => isServed(one) && tells(one))
  // A client without any response after the event has lost its session.
  const isAfter = ({ phase }: Observation) => phase === 'after'
  if (hasEvent && own.some(isAfter) && !own.some((one) => isAfter(one) && isServed(one)))
    return telling.length === 0 ? null : false
  const start = telling[0]?.count ?? null
  const steps = telling.slice(1).flatMap((later, index) => {
    const before = telling[index]
    return before === undefined ? [] : [isKept(start, before, later)]
  })
  if (steps.includes(false)) return false
  return steps.includes(true) ? true : null
}

const wasOn = (own: readonly Observation[], { server, atMs }: ClusterEvent): boolean =>
  own.filter((one) => one.server !== null && one.atMs < atMs).at(-1)?.server === server

/** The first event, if it affected the sessions of one server: not if it came before all requests. */
export const eventOnSessions = ({
  observations,
  clusterEvents,
}: ScenarioRun): ClusterEvent | null => {
  const [first] = clusterEvents
  return first !== undefined &&
    first.server !== null &&
    observations.some(({ atMs }) => atMs < first.atMs)
    ? first
    : null
}

/** Sessions that each later response still knew. After an event on one server, only its sessions count. */
export const keptShare = (run: ScenarioRun): number | null => {
  const clients = [...byClient(run.observations).values()]
  const event = eventOnSessions(run)
  const affected = event === null ? clients : clients.filter((own) => wasOn(own, event))
  const kept = affected
    .map((own) => isSessionKept(own, run.clusterEvents.length > 0))
    .filter((one) => one !== null)
  return kept.length === 0 ? null : kept.filter(Boolean).length / kept.length
}

/** Requests that the application has counted, of all that it answered: the other updates were overwritten. */
export const countedShare = (served: readonly Observation[]): number | null => {
  let [counted, all] = [0, 0]
  for (const own of byClient(served).values()) {
    const counts = own.flatMap(({ count }) => (count === null ? [] : [count]))
    if (counts.length === 0) continue
    all += own.length
    counted += Math.min(
      own.length,
      counts.reduce((most, count) => Math.max(most, count), 0),
    )
  }
  return all === 0 ? null : counted / all
}

/** New sessions with the route of a server, of all new sessions. */
export const routedShare = (served: readonly Observation[]): number | null => {
  const given = served.flatMap(({ route }) => route ?? [])
  return given.length === 0 ? null : given.filter(({ isKnown }) => isKnown).length / given.length
}

export const unknownRoutes = (served: readonly Observation[]): readonly string[] =>
  [
    ...new Set(
      served.flatMap(({ route }) => (route === null || route.isKnown ? [] : [route.value])),
    ),
  ].sort()

const clientsBySession = (
  observations: readonly Observation[],
): ReadonlyMap<string, ReadonlySet<number>> => {
  const sessions = new Map<string, Set<number>>()
  for (const { client, session } of observations) {
    if (session === null || session === '') continue
    const clients = sessions.get(session) ?? new Set()
    sessions.set(session, clients.add(client))
  }
  return sessions
}

/** Clients that shared no session, of all clients with a session; null: fewer than two. */
export const separateShare = (served: readonly Observation[]): number | null => {
  const sessions = [...clientsBySession(served).values()]
  const all = new Set(sessions.flatMap((clients) => [...clients]))
  if (all.size < 2) return null
  const sharing = new Set(
    sessions.filter(({ size }) => size > 1).flatMap((clients) => [...clients]),
  )
  return (all.size - sharing.size) / all.size
}
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The nearest rank: always a measured value. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

/** Of answered requests only: fast failures would lower the latency. */
export const latencyOf = (times: readonly number[]): Latency | null => {
  if (times.length === 0) return null
  const sorted = [...times].sort((a, b) => a - b)
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}
