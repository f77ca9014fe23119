import type { Observation } from '../exchange.ts'
import { isServed } from '../exchange.ts'
import type { ScenarioRun } from '../scenario.ts'
import { evenness, type ServerWeights } from './evenness.ts'
import {
  avoidedShare,
  countedShare,
  firstServers,
  keptShare,
  type Latency,
  latencyOf,
  rejoinedShare,
  routedShare,
  separateShare,
  stickyShare,
  unknownRoutes,
} from './shares.ts'
import { openShare, type Upgrades, upgradedShare, upgradesOf } from './upgrades.ts'

/** Shares from 0 to 1, or null if unknown; docs/verify.md defines them. */
export const figureNames = [
  'sticky',
  'even',
  'kept',
  'answered',
  'avoided',
  'rejoined',
  'counted',
  'routed',
  'separate',
  'upgraded',
  'open',
] as const
export type FigureName = (typeof figureNames)[number]
export type Shares = Readonly<Record<FigureName, number | null>>

export interface ServerShare {
  readonly name: string
  readonly requests: number
  /** Clients whose first response came from it. */
  readonly clients: number
  /** The share of the clients according to its weight; null: unknown. */
  readonly expected: number | null
}

export interface Ending {
  /** A status, or the code of a failure. */
  readonly code: string
  readonly count: number
}

export interface Figures {
  readonly clients: number
  readonly requests: number
  /** No response, or a status of 429 or from 500. */
  readonly failed: number
  /** Answered by an unknown server. */
  readonly unidentified: number
  /** Routes of sessions that no server has, sorted. */
  readonly unknownRoutes: readonly string[]
  readonly shares: Shares
  readonly latency: Latency | null
  readonly upgrades: Upgrades | null
  /** Sorted by name; includes expected servers without requests. */
  readonly servers: readonly ServerShare[]
  /** Sorted by code. */
  readonly endings: readonly Ending[]
}

const tally = (words: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

const serversOf = (
  requests: ReadonlyMap<string, number>,
  clients: ReadonlyMap<string, number>,
  expected: ServerWeights | null,
): readonly ServerShare[] => {
  // The weights of servers with hashed names are unknown.
  const isKnown = expected !== null && [...requests.keys()].some((name) => expected.has(name))
  const weights = isKnown ? expected : new Map<string, number>()
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  return [...new Set([...requests.keys(), ...weights.keys()])].sort().map((name) => ({
    name,
    requests: requests.get(name) ?? 0,
    clients: clients.get(name) ?? 0,
    expected: isKnown && total > 0 ? (weights.get(name) ?? 0) / total : null,
  }))
}

/** By time and client, so that equal observations give equal figures. */
const inOrder = (observations: readonly Observation[]): readonly Observation[] =>
  [...observations].sort((a, b) => a.atMs - b.atMs || a.client - b.client)

/** @param expected the servers with their weights; null: those that were seen. */
export const figuresOf = (seen: ScenarioRun, expected: ServerWeights | null): Figures => {
  const observations = inOrder(seen.observations)
  const served = observations.filter(isServed)
  const identified = served.flatMap(({ server }) => (server === null ? [] : [server]))
  const requests = tally(identified)
  const clients = tally([...firstServers(served).values()])
  const endings = tally(observations.map(({ status, failure }) => String(status ?? failure)))
  return {
    clients: new Set(observations.map(({ client }) => client)).size,
    requests: observations.length,
    failed: observations.length - served.length,
    unidentified: served.length - identified.length,
    unknownRoutes: unknownRoutes(served),
    shares: {
      sticky: stickyShare(served),
      even: evenness(clients, expected),
      kept: keptShare({ ...seen, observations }),
      answered: observations.length === 0 ? null : served.length / observations.length,
      avoided: avoidedShare(served, seen.clusterEvents),
      rejoined: rejoinedShare(served, seen.clusterEvents),
      counted: countedShare(served),
      routed: routedShare(served),
      separate: separateShare(served),
      upgraded: upgradedShare(observations),
      open: openShare(observations),
    },
    upgrades: upgradesOf(observations),
    latency: latencyOf(served.map(({ tookMs }) => tookMs)),
    servers: serversOf(requests, clients, expected),
    endings: [...endings].sort(byName).map(([code, count]) => ({ code, count })),
  }
}
