import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a client saw. */
export interface Tally {
  readonly answers: number
  /** Each kind with how often: no answer, another status than 200, a cut answer. */
  readonly failures: Readonly<Record<string, number>>
  /**
   * An idle connection that was closed just as a request was written to it, which no server can
   * avoid; such a request was sent again, once, on a connection of its own.
   */
  readonly closedIdle: number
}

export interface Load {
  readonly answers: () => number
  /** Ends after the requests under way. */
  readonly stop: () => Promise<Tally>
}

interface Answer {
  readonly problem: string | null
  readonly wasReused: boolean
}

/** The failure of an answer that ended before it was whole. */
export const cut = 'the answer was cut'

const patienceMs = 30_000
const ofEach = 3
/** Requests at a time. */
export const lanes = 2 * ofEach + 1

const ask = (port: number, path: string, agent: Agent): Promise<Answer> =>
  new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, timeout: patienceMs })
    let isAnswered = false
    const end = (problem: string | null) =>
      resolve({ problem, wasReused: sent.reusedSocket && !isAnswered })
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    sent.once('response', (answer) => {
      isAnswered = true
      answer.resume()
      answer.once('error', () => end(cut))
      answer.once('end', () => end(answer.statusCode === 200 ? null : `${answer.statusCode}`))
    })
    sent.end()
  })

const closedByPeer = ['ECONNRESET', 'EPIPE']

/**
 * Clients with a pause of so many milliseconds between their requests: some keep their connections, some
 * open one for each request, and some read an answer that takes seconds.
 */
export const startLoad = (port: number, pause = 5): Load => {
  let [answers, closedIdle] = [0, 0]
  let isOver = false
  const failures: Record<string, number> = {}
  const lane = async (path: string, keepAlive: boolean): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    while (!isOver) {
      let answer = await ask(port, path, agent)
      if (answer.wasReused && closedByPeer.includes(answer.problem ?? '')) {
        closedIdle++
        answer = await ask(port, path, new Agent())
      }
      answers++
      if (answer.problem !== null) failures[answer.problem] = (failures[answer.problem] ?? 0) + 1
      await sleep(pause)
    }
    agent.destroy()
  }
  const all = [
    ...Array.from({ length: ofEach }, () => lane('/', true)),
    ...Array.from({ length: ofEach }, () => lane('/', false)),
    lane('/slow', true),
  ]
  return {
    answers: () => answers,
    stop: async () => {
      isOver = true
      await Promise.all(all)
      return { answers, failures, closedIdle }
    },
  }
}
