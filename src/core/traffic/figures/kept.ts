import type { ClusterEvent, Observation } from '../exchange.ts'
import { isServed } from '../exchange.ts'
import { byClient } from './servers.ts'

/**
 * Whether the later answer still knows the session of the one before; null: it does not tell, as
 * when both were under way at once. A count that fell back is of an older copy of the session; one
 * that is back where the client began, of a new one.
 */
const isKept = (start: number | null, before: Observation, later: Observation): boolean | null => {
  if (later.atMs < before.atMs + before.tookMs) return null
  if (before.count !== null && later.count !== null)
    return later.count > Math.min(before.count, start ?? before.count)
  if (before.session === null || later.session === null) return null
  return before.session === later.session
}

const tells = ({ count, session }: Observation): boolean => count !== null || session !== null

/** null: nothing tells. */
const isSessionKept = (own: readonly Observation[], hasEvent: boolean): boolean | null => {
  const telling = own.filter((one) => isServed(one) && tells(one))
  // Whom the event left without any answer has not kept a session.
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

/** An event of one server concerns whom it had; one that came before all clients concerns nobody alone. */
const isOfSome = (clusterEvent: ClusterEvent, observations: readonly Observation[]): boolean =>
  clusterEvent.server !== null && observations.some(({ atMs }) => atMs < clusterEvent.atMs)

/**
 * Sessions that every later answer still knew, of those that can tell. With an event that happened to
 * one server, only those count that were there.
 */
export const keptShare = (
  observations: readonly Observation[],
  clusterEvents: readonly ClusterEvent[],
): number | null => {
  const clients = [...byClient(observations).values()]
  const [clusterEvent] = clusterEvents
  const concerned =
    clusterEvent !== undefined && isOfSome(clusterEvent, observations)
      ? clients.filter((own) => wasOn(own, clusterEvent))
      : clients
  const kept = concerned
    .map((own) => isSessionKept(own, clusterEvents.length > 0))
    .filter((one) => one !== null)
  return kept.length === 0 ? null : kept.filter(Boolean).length / kept.length
}

/** Requests that the application's count has, of those that it served: the others were overwritten. */
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
