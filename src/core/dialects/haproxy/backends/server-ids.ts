import type { Server } from '../../../model/cluster.ts'

/** HAProxy spreads an id over 4,096 points in 32 bits. */
const ids = 2 ** 20 - 1

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

/**
 * An id for each server, from its name alone (but for the rare clash). HAProxy numbers servers in
 * turn otherwise, and places them on the ring of a consistent hash by number: removing the first of
 * five servers would then move nearly everybody.
 */
export const serverIds = (servers: readonly Server[]): ReadonlyMap<Server, number> => {
  const taken = new Set<number>()
  return new Map(
    servers.map((server) => {
      let id = (hash(server.name) % ids) + 1
      while (taken.has(id)) id = (id % ids) + 1
      taken.add(id)
      return [server, id]
    }),
  )
}
