import { type Backend, type BackendServer, candidatesOf, isFull, weightScale } from './backend.ts'
import type { Method } from './method.ts'

/** The weight 256 of HAProxy, in its finer steps. */
const heaviest = 4096

export interface Queue {
  /** By key; of equal keys, by the time of the last move. */
  sorted: BackendServer[]
  only: BackendServer | null
  readonly keys: Map<BackendServer, number>
}

/** A server without requests comes first, whatever its weight. */
const keyOf = ({ server, served }: BackendServer): number =>
  served === 0 ? 0 : Math.floor(((served + 1) * heaviest) / (server.weight * weightScale))

const insert = ({ sorted, keys }: Queue, server: BackendServer, key: number): void => {
  const after = sorted.findIndex((other) => (keys.get(other) ?? 0) > key)
  keys.set(server, key)
  sorted.splice(after === -1 ? sorted.length : after, 0, server)
}

const fill = (queue: Queue, backend: Backend): void => {
  const candidates = candidatesOf(backend)
  const servers = candidates.kind === 'group' ? candidates.servers : []
  queue.only = candidates.kind === 'one' ? candidates.server : null
  const isKept = new Set(servers)
  queue.sorted = queue.sorted.filter((server) => isKept.has(server))
  const known = new Set(queue.sorted)
  for (const server of servers) if (!known.has(server)) insert(queue, server, keyOf(server))
}

/** `leastconn`, as up to HAProxy 3.1; HAProxy 3.2 chooses between equals by chance. */
export const leastConnections: Method<Queue> = {
  start: (backend) => {
    const queue: Queue = { sorted: [], only: null, keys: new Map() }
    fill(queue, backend)
    return queue
  },
  next: ({ sorted, only }, _, __, avoided) => {
    if (only !== null) return only
    let passed: BackendServer | null = null
    for (const server of sorted) {
      if (isFull(server)) continue
      if (server !== avoided) return server
      passed = server
    }
    return passed
  },
  changed: fill,
  moved: (queue, server) => {
    const key = keyOf(server)
    const place = queue.sorted.indexOf(server)
    if (place === -1 || queue.keys.get(server) === key) return
    queue.sorted.splice(place, 1)
    insert(queue, server, key)
  },
}
