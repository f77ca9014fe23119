import type { Observation } from '../exchange.ts'

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

/** Clients whose sessions no other client had, of all that had one; null: fewer than two had one. */
export const separateShare = (served: readonly Observation[]): number | null => {
  const sessions = [...clientsBySession(served).values()]
  const all = new Set(sessions.flatMap((clients) => [...clients]))
  if (all.size < 2) return null
  const sharing = new Set(
    sessions.filter(({ size }) => size > 1).flatMap((clients) => [...clients]),
  )
  return (all.size - sharing.size) / all.size
}
