import { nextTurn } from '../turns.ts'
import { calmOf, candidatesOf, retryMembers, settle } from './calm.ts'
import type { Balancer, Worker } from './workers.ts'

/** How httpd compares members. */
export interface Method {
  /** When members take turns by their weights: always, while no request is open, or never. */
  readonly turns: 'always' | 'idle' | 'never'
  /** A member may serve: what is added to it before it is compared. */
  readonly offer: (worker: Worker) => void
  readonly isBetter: (worker: Worker, best: Worker) => boolean
  /** `total`: the factors of the members that may serve. */
  readonly chosen: (worker: Worker, total: number) => void
}

const addFactor = (worker: Worker): void => {
  worker.status += worker.factor
}

const takeTotal = (worker: Worker, total: number): void => {
  worker.status -= total
}

/** `lbmethod=byrequests`: the requests, by weight. */
export const byRequests: Method = {
  turns: 'always',
  offer: addFactor,
  isBetter: (worker, best) => worker.status > best.status,
  chosen: takeTotal,
}

const trafficOf = ({ read, factor }: Worker): number => Math.trunc(read / factor)

/** `lbmethod=bytraffic`: the bytes, by weight. */
export const byTraffic: Method = {
  turns: 'never',
  offer: () => {},
  isBetter: (worker, best) => trafficOf(worker) < trafficOf(best),
  chosen: () => {},
}

/** `lbmethod=bybusyness`: the fewest active requests, whatever the weight; of equals, by requests. */
export const byBusyness: Method = {
  turns: 'idle',
  offer: addFactor,
  isBetter: (worker, best) =>
    worker.busy < best.busy || (worker.busy === best.busy && worker.status > best.status),
  chosen: takeTotal,
}

/** Whether the turns say which member is next. */
export const isByTurns = ({ turns }: Method, { busy }: Balancer): boolean =>
  turns === 'always' || (turns === 'idle' && busy === 0)

export const bestOf = (balancer: Balancer, method: Method, now: number): Worker | null => {
  retryMembers(balancer, now)
  if (isByTurns(method, balancer)) {
    const calm = calmOf(balancer)
    if (calm.checked !== null) calm.checked = now
    return calm.members[nextTurn(calm.turns)] ?? null
  }
  settle(balancer)
  let best: Worker | null = null
  let total = 0
  for (const worker of candidatesOf(balancer)) {
    method.offer(worker)
    total += worker.factor
    if (best === null || method.isBetter(worker, best)) best = worker
  }
  if (best !== null) method.chosen(best, total)
  return best
}
