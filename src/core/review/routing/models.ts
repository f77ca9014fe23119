import type { Clients } from '../../simulate/population/clients.ts'
import { clientsOfShape, type ShapeName } from '../../simulate/population/shapes.ts'
import type { Audience } from '../../simulate/rollout.ts'
import type { Pair } from '../side.ts'
import type { Flow } from './flow.ts'

const mostClients = 10_000
/** Fewer give figures that are wrong by several percent. */
const fewestClients = 500
/** For all upstreams together. Where clients are busy during the change, each sends more requests. */
const mostOfAll = { alone: 400_000, withBusy: 100_000 }
/** Some methods look at every server for each client. */
const mostSteps = 5_000_000
/** After so many upstreams, one of the same form is not asked again, although a hash depends on addresses. */
const mostUpstreams = 100

export type PopulationShape = Extract<ShapeName, 'internet' | 'cdn'>

/** An answer without the names of an upstream: servers are their numbers in its list before. */
export interface Answer {
  readonly flows: readonly (Omit<Flow, 'server'> & { readonly server: number })[]
  readonly failed: number
  /** By their numbers in the lists. */
  readonly spread: Pair<readonly number[]>
  readonly title: string
}

/** The clients that are sent to an upstream. */
export interface Wanted {
  readonly shape: PopulationShape
  /** Of the upstream. */
  readonly servers: number
  /** Whether other clients send requests while the change is applied. */
  readonly hasBusy: boolean
  /** The sessions that the proxy can learn: with more clients, it would forget some without any change. */
  readonly capacity: number
}

/** What the models of a review have in common. */
export interface Models {
  readonly audienceOf: (wanted: Wanted) => Audience
  /**
   * The answer for an upstream, or that for another one of the same form.
   * @param isExact whether upstreams of one form have one answer; else many of them have.
   */
  readonly answerOf: (form: string, isExact: boolean, ask: () => Answer | null) => Answer | null
}

/** Models with clients of their own. */
export const modelsFor = (upstreams: number): Models => {
  const known = new Map<string, Clients>()
  const answers = new Map<string, Answer | null>()
  let asked = 0
  return {
    audienceOf: ({ shape, servers, hasBusy, capacity }) => {
      const all = hasBusy ? mostOfAll.withBusy : mostOfAll.alone
      const wanted = Math.min(all / Math.max(1, upstreams), mostSteps / Math.max(1, servers))
      const most = Math.min(mostClients, Math.max(fewestClients, wanted))
      const count = Math.max(2, Math.floor(Math.min(most, capacity / 2)))
      const key = `${shape} ${count}`
      const clients = known.get(key) ?? clientsOfShape({ name: shape, count: null }, count, 1)
      known.set(key, clients)
      return { clients, busy: hasBusy ? Math.floor(count / 2) : 0 }
    },
    answerOf: (form, isExact, ask) => {
      const answer = isExact || asked >= mostUpstreams ? answers.get(form) : undefined
      if (answer !== undefined) return answer
      asked += 1
      const found = ask()
      answers.set(form, found)
      return found
    },
  }
}

/** Models that are asked with these clients only. */
export const modelsWith = (audienceOf: (shape: PopulationShape) => Audience): Models => ({
  audienceOf: ({ shape }) => audienceOf(shape),
  answerOf: (_, __, ask) => ask(),
})
