import type { Answer, Model } from '../model.ts'
import type { Request } from '../request.ts'
import type { SimulatedServer } from '../server.ts'
import { recover, settle } from './calm.ts'
import { bestOf, type Method } from './method.ts'
import { accountSession, routeOf, type StickySession, workerOf } from './sticky-session.ts'
import { type Balancer, balancerOf, type Worker } from './workers.ts'

export interface HttpdAnswer extends Answer {
  readonly worker: Worker | null
}

interface Chosen {
  readonly worker: Worker | null
  /** By the route of the session. */
  readonly isPinned: boolean
}

const nobody: Chosen = { worker: null, isPinned: false }

/** A balancer with a method and `stickysession`; null: without. */
export const httpdBalancer = (
  method: Method,
  sticky: StickySession | null,
  /** `maxattempts`; null: the number of members less one. */
  maxAttempts: number | null = null,
): Model<Balancer, HttpdAnswer> => {
  const start = (servers: readonly SimulatedServer[], before: Balancer | null = null): Balancer => {
    const balancer = balancerOf(servers)
    const dead = before?.workers.filter(({ isAlive }) => !isAlive) ?? []
    const names = new Set(dead.map(({ server }) => server.name))
    for (const worker of balancer.workers) worker.isAlive = !names.has(worker.server.name)
    return balancer
  }

  const choose = (balancer: Balancer, request: Request): Chosen => {
    const now = request.time
    recover(balancer, now)
    const route = sticky === null ? null : routeOf(request, sticky)
    const pinned = workerOf(balancer, route, now)
    if (pinned !== null) {
      accountSession(balancer, method, pinned)
      return { worker: pinned, isPinned: true }
    }
    const isKnown = route !== null && balancer.byRoute.has(route)
    if (sticky?.strict && route !== null && route !== '' && isKnown) return nobody
    return { worker: bestOf(balancer, method, now), isPinned: false }
  }

  /** httpd selects again, from the beginning, while the member does not answer. */
  const tryWorkers = (balancer: Balancer, request: Request) => {
    const failed: string[] = []
    const attempts = maxAttempts ?? Math.max(0, balancer.workers.length - 1)
    for (;;) {
      const { worker, isPinned } = choose(balancer, request)
      if (worker === null || worker.isAlive) return { worker, isPinned, failed }
      failed.push(worker.server.name)
      settle(balancer)
      worker.failedAt = request.time
      if (failed.length > attempts) return { ...nobody, failed }
    }
  }

  return {
    start: (servers) => start(servers),
    begin: (balancer, request) => {
      const { worker, isPinned, failed } = tryWorkers(balancer, request)
      if (worker !== null) {
        worker.busy += 1
        balancer.busy += 1
      }
      const own = sticky?.ownCookie ?? null
      const setCookies =
        worker === null || isPinned || own === null
          ? []
          : [{ name: own, value: `.${worker.server.route}` }]
      return { server: worker?.server.name ?? null, failed, setCookies, worker }
    },
    end: (balancer, { worker }, { setCookies, bytes }) => {
      if (worker === null) return []
      worker.busy -= 1
      balancer.busy -= 1
      worker.read += bytes
      return setCookies
    },
    after: (balancer, event) => {
      if (event.kind === 'reload') return start(event.servers, balancer)
      for (const worker of balancer.workers) {
        if (worker.server.name !== event.server) continue
        if (event.kind === 'returns') {
          settle(balancer)
          worker.isAlive = true
          worker.isUnhealthy = false
        } else if (event.kind === 'dies') worker.isAlive = false
        else {
          settle(balancer)
          worker.isUnhealthy = true
        }
      }
      return balancer
    },
  }
}
