import type { SimulatedServer } from '../server.ts'
import { currentOf, type Turns, turnsOf } from '../turns.ts'

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
  /** The turns of `byrequests` while all members may serve; null: the workers have their status themselves. */
  turns: Turns | null
  /** The method is by turns, every member is up, and none has failed. */
  isCalm: boolean
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

export const balancerOf = (
  servers: readonly SimulatedServer[],
  /** The method and sessions count by turns. */
  isByTurns: boolean,
): Balancer => {
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
  return {
    workers,
    byRoute: byRoute(workers),
    turns: null,
    isCalm: isByTurns && servers.every(({ state }) => state === 'up'),
  }
}

/** The turns of all members; null: one of them may not serve. */
export const turnsOfAll = (balancer: Balancer): Turns | null => {
  if (!balancer.isCalm) return null
  balancer.turns ??= turnsOf(
    balancer.workers.map(({ factor }) => factor),
    balancer.workers.map(({ status }) => status),
  )
  return balancer.turns
}

/** From now on members are compared one by one. */
export const endCalm = (balancer: Balancer): void => {
  balancer.isCalm = false
  const { turns } = balancer
  if (turns === null) return
  for (const worker of balancer.workers) worker.status = currentOf(turns, worker.index)
  balancer.turns = null
}

/** Without regard to its error state, `retry` seconds after the failure. */
const retry = (worker: Worker, now: number): void => {
  if (worker.failedAt !== null && now > worker.failedAt + worker.server.failTimeout)
    worker.failedAt = null
}

/** A drained member is usable, for its sessions. */
export const isUsable = ({ server, failedAt, isUnhealthy }: Worker): boolean =>
  server.state !== 'down' && failedAt === null && !isUnhealthy

export const isUsableNow = (worker: Worker, now: number): boolean => {
  if (!isUsable(worker)) retry(worker, now)
  return isUsable(worker)
}

export const isStandby = ({ server }: Worker): boolean => server.state === 'backup'

/** `forcerecovery=On`: if all members are in error, all are tried again. */
export const recover = ({ workers }: Balancer, now: number): void => {
  for (const worker of workers) {
    retry(worker, now)
    if (worker.failedAt === null) return
  }
  for (const worker of workers) worker.failedAt = null
}
