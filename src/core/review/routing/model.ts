import { formatAddress } from '../../model/address.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import { type Comparison, compare } from '../../simulate/compare.ts'
import type { Clients } from '../../simulate/population/clients.ts'
import { clientsOfShape, type ShapeName } from '../../simulate/population/shapes.ts'
import { simulatedUpstream } from '../../simulate/upstream/simulated.ts'
import type { UpstreamPair } from '../match.ts'
import type { Pair } from '../side.ts'
import type { Flow } from './flow.ts'

/** What the models of `simulate` say about the clients of an upstream. */
export interface Modelled {
  readonly flows: readonly Flow[]
  readonly failed: number
  readonly spread: Comparison['spread']
  /** As the target writes the method after the change: `ip_hash`. */
  readonly title: string
}

const mostClients = 10_000
/** Fewer give figures that are wrong by several percent. */
const fewestClients = 500
/** For all upstreams together. */
const mostOfAll = 400_000
/** Some methods look at every server for each client. */
const mostSteps = 5_000_000
/** After so many upstreams, one of the same form is not asked again. */
const mostUpstreams = 100

export type PopulationShape = Extract<ShapeName, 'internet' | 'cdn'>

/** What the models of a review have in common. */
export interface Models {
  /** The clients that are sent to an upstream with so many servers. */
  readonly clientsOf: (shape: PopulationShape, servers: number) => Clients
  /** The answer for an upstream; that for another one of the same form where there are many. */
  readonly answerOf: (form: string, ask: () => Answer | null) => Answer | null
}

export const modelsFor = (upstreams: number): Models => {
  const known = new Map<string, Clients>()
  const answers = new Map<string, Answer | null>()
  let asked = 0
  return {
    clientsOf: (shape, servers) => {
      const wanted = Math.min(mostOfAll / Math.max(1, upstreams), mostSteps / Math.max(1, servers))
      const count = Math.floor(Math.min(mostClients, Math.max(fewestClients, wanted)))
      const key = `${shape} ${count}`
      const clients = known.get(key) ?? clientsOfShape({ name: shape, count: null }, count, 1)
      known.set(key, clients)
      return clients
    },
    answerOf: (form, ask) => {
      const answer = asked < mostUpstreams ? undefined : answers.get(form)
      if (answer !== undefined) return answer
      asked += 1
      const found = ask()
      answers.set(form, found)
      return found
    },
  }
}

/** Models that are asked with these clients only. */
export const modelsWith = (clientsOf: (shape: PopulationShape) => Clients): Models => ({
  clientsOf,
  answerOf: (_, ask) => ask(),
})

/** An answer without the names of an upstream: servers are their numbers in its list before. */
interface Answer {
  readonly flows: readonly (Omit<Flow, 'server'> & { readonly server: number })[]
  readonly failed: number
  /** By their numbers in the lists. */
  readonly spread: Pair<readonly number[]>
  readonly title: string
}

const flowsIn = (
  { before }: UpstreamPair,
  { from, to }: Pick<Comparison, 'from' | 'to'>,
): Answer['flows'] => {
  const numbers = new Map(
    before.servers.map(({ address }, number) => [formatAddress(address), number] as const),
  )
  const counts = new Map<number, { clients: number; stay: number }>()
  for (const [index, place] of from.entries()) {
    const server = place === null ? undefined : numbers.get(place)
    if (server === undefined) continue
    const count = counts.get(server) ?? { clients: 0, stay: 0 }
    count.clients += 1
    if (to[index] === place) count.stay += 1
    counts.set(server, count)
  }
  return [...counts].map(([server, { clients, stay }]) => ({
    server,
    share: clients / from.length,
    stays: stay / clients,
  }))
}

/** What the routing of an upstream depends on, but for the addresses of its servers. */
const formOf = ({ before, after, servers }: UpstreamPair): string => {
  const numbers = new Map(before.servers.map((server, number) => [server, number]))
  const sameAs = new Map(servers.map((match) => [match.after, match.before]))
  const sideOf = ({ affinity, balance, servers: own }: Upstream): unknown => [
    { ...affinity, path: null },
    balance,
    own.map((server) => {
      const origin = sameAs.get(server) ?? null
      return [server.weight, server.state, origin === null ? null : (numbers.get(origin) ?? null)]
    }),
  ]
  return JSON.stringify([sideOf(before), sideOf(after)])
}

const ask = (
  pair: UpstreamPair,
  targets: Pair<Target>,
  clusters: Pair<Cluster>,
  clients: Clients,
): Answer | null => {
  const before = simulatedUpstream(clusters.before, pair.before, targets.before)
  const after = simulatedUpstream(clusters.after, pair.after, targets.after)
  if (before === null || after === null) return null
  const found = compare(before, after, clients)
  const sharesOf = (
    { servers }: Upstream,
    spread: Readonly<Record<string, number>>,
  ): readonly number[] => servers.map(({ name }) => spread[name] ?? 0)
  return {
    flows: flowsIn(pair, found),
    failed: found.failed,
    spread: {
      before: sharesOf(pair.before, found.spread.before),
      after: sharesOf(pair.after, found.spread.after),
    },
    title: after.title,
  }
}

/**
 * Sends clients to both configurations of an upstream.
 * @param shape `cdn` where the address of the client is found in another way than before.
 * @returns null: a target refuses the upstream.
 */
export const modelled = (
  pair: UpstreamPair,
  targets: Pair<Target>,
  clusters: Pair<Cluster>,
  shape: PopulationShape,
  { answerOf, clientsOf }: Models,
): Modelled | null => {
  const { before, after } = pair
  const form = `${shape} ${targets.after.dialect} ${formOf(pair)}`
  const clients = clientsOf(shape, Math.max(before.servers.length, after.servers.length))
  const answer = answerOf(form, () => ask(pair, targets, clusters, clients))
  if (answer === null) return null
  const named = ({ servers }: Upstream, shares: readonly number[]): Record<string, number> =>
    Object.fromEntries(servers.map(({ name }, number) => [name, shares[number] ?? 0]))
  return {
    flows: answer.flows.flatMap((flow) => {
      const server = before.servers[flow.server]
      return server === undefined ? [] : [{ ...flow, server }]
    }),
    failed: answer.failed,
    spread: {
      before: named(before, answer.spread.before),
      after: named(after, answer.spread.after),
    },
    title: answer.title,
  }
}
