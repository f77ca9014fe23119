import { nextTurn } from '../turns.ts'
import { type Balancer, isStandby, isUsableNow, turnsOfAll, type Worker } from './workers.ts'

/** How httpd compares members. */
export interface Method {
  /** Members take turns by their weights, whatever they do. */
  readonly isByTurns: boolean
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
  isByTurns: true,
  offer: addFactor,
  isBetter: (worker, best) => worker.status > best.status,
  chosen: takeTotal,
}

const trafficOf = ({ read, factor }: Worker): number => Math.trunc(read / factor)

/** `lbmethod=bytraffic`: the bytes, by weight. */
export const byTraffic: Method = {
  isByTurns: false,
  offer: () => {},
  isBetter: (worker, best) => trafficOf(worker) < trafficOf(best),
  chosen: () => {},
}

/** `lbmethod=bybusyness`: the fewest active requests, whatever the weight; of equals, by requests. */
export const byBusyness: Method = {
  isByTurns: false,
  offer: addFactor,
  isBetter: (worker, best) =>
    worker.busy < best.busy || (worker.busy === best.busy && worker.status > best.status),
  chosen: takeTotal,
}

/** Members that are drained take no new clients, hot standbys only when no other may serve. */
export const bestOf = (balancer: Balancer, method: Method, now: number): Worker | null => {
  const { workers } = balancer
  const turns = turnsOfAll(balancer)
  if (turns !== null) return workers[nextTurn(turns)] ?? null
  const usable = workers.filter(
    (worker) => worker.server.state !== 'drain' && isUsableNow(worker, now),
  )
  const members = usable.filter((worker) => !isStandby(worker))
  const candidates = members.length > 0 ? members : usable
  let best: Worker | null = null
  let total = 0
  for (const worker of candidates) {
    method.offer(worker)
    total += worker.factor
    if (best === null || method.isBetter(worker, best)) best = worker
  }
  if (best !== null) method.chosen(best, total)
  return best
}
