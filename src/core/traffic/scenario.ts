import type { ClusterEvent, EventName, Observation, Phase } from './exchange.ts'
import type { FigureName } from './figures/figures.ts'

export const scenarioNames = [
  'spread',
  'nat',
  'subnet',
  'cdn',
  'sticky',
  'sites',
  'parallel',
  'url',
  'kill',
  'back',
  'drain',
  'rolling',
  'store',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** How many clients there are, and how often each of them asks; a scenario takes what it needs. */
export interface Size {
  readonly clients: number
  readonly requests: number
}

export type Step =
  | {
      readonly kind: 'requests'
      readonly phase: Phase
      /** Requests of each client; one after another unless the clients are parallel. */
      readonly each: number
    }
  | {
      readonly kind: 'event'
      readonly event: EventName
      /** Clients go on asking until it is over. */
      readonly underLoad: boolean
    }

/** What the clients are like. */
export interface Behaviour {
  readonly clients: number
  /** How many others come after the event. */
  readonly newcomers: number
  /** The session id goes along in a cookie or in the URL, and cookies are then not kept. */
  readonly session: 'cookie' | 'url'
  /** An address for each client, in networks of their own or in one /24; one for all of them; or a few that take turns, as a CDN's. */
  readonly source: 'own' | 'one' | 'edges' | 'subnet'
  /** Each client has its own address in X-Forwarded-For, too. */
  readonly isForwarded: boolean
  /** How many requests of one client are under way at a time; its first is always alone. */
  readonly parallel: number
  readonly steps: readonly Step[]
}

/** What must come out of it, one line each: a figure and the least it may be. */
export interface Check {
  readonly figure: FigureName
  readonly minimum: number
}

/** What can be done to a cluster while it is asked; the first check is what the scenario is about. */
export interface Scenario {
  readonly name: ScenarioName
  readonly title: string
  /** A sentence that is true or not. */
  readonly claim: string
  /** Clients use all entry points of all upstreams in turn; left out: one entry point. */
  readonly usesAllEntryPoints?: boolean
  /** What has to be done to the cluster; empty: traffic is enough. */
  readonly events: readonly EventName[]
  readonly behaviour: (size: Size) => Behaviour
  readonly checks: readonly [Check, ...Check[]]
}

/** All that was seen of one scenario. */
export interface ScenarioRun {
  readonly observations: readonly Observation[]
  readonly clusterEvents: readonly ClusterEvent[]
}
