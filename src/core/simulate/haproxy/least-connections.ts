import { type Backend, type BackendServer, candidatesOf, isFull, weightScale } from './backend.ts'
import type { Method } from './method.ts'

/** The weight 256 of HAProxy, in its finer steps. */
const heaviest = 4096

export interface Queue {
  /** By key; of equal keys, by the time of the last move. */
  sorted: BackendServer[]
  only: BackendServer | null
  /** By the index of the server; -1: it was never in the queue. */
  readonly keys: Float64Array
}

/** A server without requests comes first, whatever its weight. */
const keyOf = ({ server, served }: BackendServer): number =>
  served === 0 ? 0 : Math.floor(((served + 1) * heaviest) / (server.weight * weightScale))

/** The place of the first server whose key is above, or at least, this one. */
const firstWith = ({ sorted, keys }: Queue, isWanted: (key: number) => boolean): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const server = sorted[middle]
    if (server !== undefined && isWanted(keys[server.index] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

const insert = (queue: Queue, server: BackendServer, key: number): void => {
  const place = firstWith(queue, (other) => other > key)
  queue.keys[server.index] = key
  queue.sorted.splice(place, 0, server)
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
    const keys = new Float64Array(backend.servers.length).fill(-1)
    const queue: Queue = { sorted: [], only: null, keys }
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
    const before = queue.keys[server.index] ?? -1
    if (before === -1 || before === key) return
    const place = queue.sorted.indexOf(
      server,
      firstWith(queue, (other) => other >= before),
    )
    if (place === -1) return
    queue.sorted.splice(place, 1)
    insert(queue, server, key)
  },
}
