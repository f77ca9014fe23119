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
  'upgrade',
  'slow',
  'kill',
  'back',
  'drain',
  'rolling',
  'store',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** The number of clients, and of the requests of each client; a scenario may use fewer. */
export interface Size {
  readonly clients: number
  readonly requests: number
  /** How long upgraded connections are idle. */
  readonly idleMs: number
  /** How long the slow answer takes. */
  readonly slowMs: number
}

export type Step =
  | {
      readonly kind: 'requests'
      readonly phase: Phase
      /** Requests per client, sequential unless the scenario is parallel. */
      readonly each: number
      /** Clients come in the order of their numbers; left out: in a changing order. */
      readonly isInOrder?: boolean
    }
  | {
      /** Each client opens a WebSocket connection; all of them are idle at the same time. */
      readonly kind: 'upgrade'
      readonly phase: Phase
      readonly idleMs: number
    }
  | {
      /** The first client gets a slow answer, and the others send requests meanwhile. */
      readonly kind: 'slow'
      readonly waitMs: number
    }
  | {
      readonly kind: 'event'
      readonly event: EventName
      /** Whether clients send requests during the event. */
      readonly underLoad: boolean
    }

/** How the clients behave. */
export interface Behaviour {
  readonly clients: number
  /** The number of new clients after the event. */
  readonly newcomers: number
  /** Where clients have the session id; with `url`, they keep no cookies. */
  readonly session: 'cookie' | 'url'
  /**
   * An address per client, in different networks (`own`) or one /24 (`subnet`); one for all; or a few CDN
   * addresses, of which a client has all in turn (`edges`) or always the same one (`edge`).
   */
  readonly source: 'own' | 'one' | 'edges' | 'edge' | 'subnet'
  /** Whether each client sends its own address in X-Forwarded-For. */
  readonly isForwarded: boolean
  /** The number of parallel requests of a client after its first one. */
  readonly parallel: number
  /** The number of clients, the last ones, that send no requests during events. */
  readonly waiting: number
  readonly steps: readonly Step[]
}

/** A figure and its minimum. */
export interface Check {
  readonly figure: FigureName
  readonly minimum: number
}

/** A test of a cluster. */
export interface Scenario {
  readonly name: ScenarioName
  readonly title: string
  /** A sentence that is true if all checks reach their minimum. */
  readonly claim: string
  /** Clients use all entry points of all upstreams in turn; left out: one entry point. */
  readonly usesAllEntryPoints?: boolean
  /** Needs the applications of the lab; left out: any application. */
  readonly isForLab?: boolean
  /** Changes of the cluster; empty: only requests are needed. */
  readonly events: readonly EventName[]
  readonly behaviour: (size: Size) => Behaviour
  readonly checks: readonly [Check, ...Check[]]
}

/** The requests and events of one run of a scenario. */
export interface ScenarioRun {
  readonly observations: readonly Observation[]
  readonly clusterEvents: readonly ClusterEvent[]
}
