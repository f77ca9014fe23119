import { currentOf, turnsOf } from '../turns.ts'
import { type Balancer, type Calm, isStandby, isUsable, type Worker } from './workers.ts'

/** The workers have their status themselves again, before one of them fails or recovers. */
export const settle = (balancer: Balancer): void => {
  const { calm } = balancer
  if (calm === null) return
  for (const [item, worker] of calm.members.entries()) worker.status = currentOf(calm.turns, item)
  for (const worker of calm.others) worker.status += calm.sessions * worker.factor
  balancer.calm = null
}

/** Members that are drained take no new clients, hot standbys only when no other may serve. */
export const candidatesOf = ({ workers }: Balancer): readonly Worker[] => {
  const usable = workers.filter((worker) => worker.server.state !== 'drain' && isUsable(worker))
  const members = usable.filter((worker) => !isStandby(worker))
  return members.length > 0 ? members : usable
}

const neverChecked = -1

const layOut = (balancer: Balancer): Calm => {
  const { workers } = balancer
  const members = candidatesOf(balancer)
  const items = new Int32Array(workers.length).fill(-1)
  for (const [item, { index }] of members.entries()) items[index] = item
  const others = workers.filter((worker) => isUsable(worker) && items[worker.index] === -1)
  const turns = turnsOf(
    members.map(({ factor }) => factor),
    members.map(({ status }) => status),
  )
  return {
    members,
    turns,
    items,
    others,
    total: others.reduce((sum, { factor }) => sum + factor, turns.total),
    sessions: 0,
    checked: workers.some(({ failedAt }) => failedAt !== null) ? neverChecked : null,
  }
}

/** Until one of the workers fails or recovers. */
export const calmOf = (balancer: Balancer): Calm => {
  balancer.calm ??= layOut(balancer)
  return balancer.calm
}

/** Ends the error state `retry` seconds after the failure. */
const retry = (balancer: Balancer, worker: Worker, now: number): void => {
  if (worker.failedAt === null || now <= worker.failedAt + worker.server.failTimeout) return
  settle(balancer)
  worker.failedAt = null
}

export const isUsableNow = (balancer: Balancer, worker: Worker, now: number): boolean => {
  if (!isUsable(worker)) retry(balancer, worker, now)
  return isUsable(worker)
}

/** A new client: all members that could take it are tried again when their time has come. */
export const retryMembers = (balancer: Balancer, now: number): void => {
  const { calm, workers } = balancer
  if (calm !== null && (calm.checked === null || calm.checked === now)) return
  for (const worker of workers)
    if (worker.server.state !== 'drain') isUsableNow(balancer, worker, now)
}

/** `forcerecovery=On`: if all members are in error, all are tried again. */
export const recover = (balancer: Balancer, now: number): void => {
  for (const worker of balancer.workers) {
    retry(balancer, worker, now)
    if (worker.failedAt === null) return
  }
  settle(balancer)
  for (const worker of balancer.workers) worker.failedAt = null
}
