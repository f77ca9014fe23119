import type { ClusterEvent, Observation } from '../exchange.ts'

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

/** The server of the first answer of each client that tells it. */
export const firstServers = (served: readonly Observation[]): ReadonlyMap<number, string> => {
  const firsts = new Map<number, string>()
  for (const { client, server } of served)
    if (server !== null && !firsts.has(client)) firsts.set(client, server)
  return firsts
}

/** Requests that went to the server of the client's request before, of all that had one before. */
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

/** Newcomers that were not sent to the server of the event, of all newcomers. */
export const avoidedShare = (
  served: readonly Observation[],
  clusterEvents: readonly ClusterEvent[],
): number | null => {
  const server = clusterEvents.at(-1)?.server ?? null
  const newcomers = newcomersOf(served)
  if (server === null || newcomers.length === 0) return null
  return newcomers.filter((one) => one.server !== server).length / newcomers.length
}

/** 1 where the server of the last event has newcomers again, else 0. */
export const rejoinedShare = (
  served: readonly Observation[],
  clusterEvents: readonly ClusterEvent[],
): number | null => {
  const avoided = avoidedShare(served, clusterEvents)
  return avoided === null ? null : avoided < 1 ? 1 : 0
}
