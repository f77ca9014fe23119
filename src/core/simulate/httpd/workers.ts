import type { SimulatedServer } from '../server.ts'
import type { Turns } from '../turns.ts'

/** A BalancerMember, with what httpd knows and counts. */
export interface Worker {
  readonly server: SimulatedServer
  /** Position in the balancer. */
  readonly index: number
  /** The weight in hundredths, as httpd stores it. */
  readonly factor: number
  /** Answers connections. */
  isAlive: boolean
  /** Seconds, of the failure that marks it as in error; null: it is not. */
  failedAt: number | null
  /** A health check has failed. */
  isUnhealthy: boolean
  /** How urgently it has to work. */
  status: number
  /** Requests that did not end. */
  busy: number
  /** Bytes of responses. */
  read: number
}

export interface Balancer {
  readonly workers: readonly Worker[]
  readonly byRoute: ReadonlyMap<string, readonly Worker[]>
  /** Requests that did not end. */
  busy: number
  /** null: the workers have their status themselves. */
  calm: Calm | null
}

/** The members that take new clients, and their turns: none has failed or recovered since. */
export interface Calm {
  readonly members: readonly Worker[]
  readonly turns: Turns
  /** By the index of the worker; -1: it is not among these members. */
  readonly items: Int32Array
  /** Drained members and hot standbys, which serve their sessions only. */
  readonly others: readonly Worker[]
  /** The factors of both. */
  readonly total: number
  /** How often sessions have added to the status. */
  sessions: number
  /** When members in error were last looked at: they may be tried again later; null: there are none. */
  checked: number | null
}

const hundredths = 100

const byRoute = (workers: readonly Worker[]): ReadonlyMap<string, readonly Worker[]> => {
  const found = new Map<string, Worker[]>()
  for (const worker of workers) {
    const same = found.get(worker.server.route)
    if (same === undefined) found.set(worker.server.route, [worker])
    else same.push(worker)
  }
  return found
}

export const balancerOf = (servers: readonly SimulatedServer[]): Balancer => {
  const workers = servers.map((server, index) => ({
    server,
    index,
    factor: server.weight * hundredths,
    isAlive: true,
    failedAt: null,
    isUnhealthy: false,
    status: 0,
    busy: 0,
    read: 0,
  }))
  return { workers, byRoute: byRoute(workers), busy: 0, calm: null }
}

/** A drained member is usable, for its sessions. */
export const isUsable = ({ server, failedAt, isUnhealthy }: Worker): boolean =>
  server.state !== 'down' && failedAt === null && !isUnhealthy

export const isStandby = ({ server }: Worker): boolean => server.state === 'backup'
