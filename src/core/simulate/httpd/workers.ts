import type { SimulatedServer } from '../server.ts'

/** A BalancerMember, with what httpd knows and counts. */
export interface Worker {
  readonly server: SimulatedServer
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
}

const hundredths = 100

export const balancerOf = (servers: readonly SimulatedServer[]): Balancer => ({
  workers: servers.map((server) => ({
    server,
    factor: server.weight * hundredths,
    isAlive: true,
    failedAt: null,
    isUnhealthy: false,
    status: 0,
    busy: 0,
    read: 0,
  })),
})

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
