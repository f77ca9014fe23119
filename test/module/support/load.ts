import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Balancer } from './balancer.ts'

export interface Load {
  readonly answers: () => number
  /** Statuses other than 200, and connections that failed, with how often. */
  readonly failures: () => Readonly<Record<string, number>>
  /** Ends after the requests under way. */
  readonly stop: () => Promise<void>
}

/** Milliseconds between the requests of a lane: hundreds of requests a second, and time for the server. */
const pause = 4

/** Asks `width` requests at a time until it is stopped. */
export const startLoad = (
  width: number,
  ask: (turn: number) => ReturnType<Balancer['ask']>,
  check: (answer: Answer, turn: number) => string = ({ status }) =>
    status === 200 ? '' : `${status}`,
): Load => {
  let turn = 0
  let answers = 0
  let isOver = false
  const failures: Record<string, number> = {}
  const lanes = Array.from({ length: width }, async () => {
    while (!isOver) {
      const own = turn++
      const failure = await ask(own).then(
        (answer) => check(answer, own),
        (error: Error) => error.message,
      )
      answers++
      if (failure !== '') failures[failure] = (failures[failure] ?? 0) + 1
      await sleep(pause)
    }
  })
  return {
    answers: () => answers,
    failures: () => failures,
    stop: async () => {
      isOver = true
      await Promise.all(lanes)
    },
  }
}
