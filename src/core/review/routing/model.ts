import { formatAddress } from '../../model/address.ts'
import type { Cluster, Server } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import { type Comparison, compare } from '../../simulate/compare.ts'
import type { Client } from '../../simulate/population/clients.ts'
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
const mostSteps = 20_000_000

export type PopulationShape = Extract<ShapeName, 'internet' | 'cdn'>

/** The clients that are sent to an upstream with so many servers. */
export type Populations = (shape: PopulationShape, servers: number) => readonly Client[]

/** Clients for a number of upstreams; those of the same shape and number are the same. */
export const populationsFor = (upstreams: number): Populations => {
  const known = new Map<string, readonly Client[]>()
  return (shape, servers) => {
    const wanted = Math.min(mostOfAll / Math.max(1, upstreams), mostSteps / Math.max(1, servers))
    const count = Math.floor(Math.min(mostClients, Math.max(fewestClients, wanted)))
    const key = `${shape} ${count}`
    const clients = known.get(key) ?? clientsOfShape({ name: shape, count: null }, count, 1)
    known.set(key, clients)
    return clients
  }
}

const flowsIn = (
  { before }: UpstreamPair,
  { from, to }: Pick<Comparison, 'from' | 'to'>,
): readonly Flow[] => {
  const byAddress = new Map<string, Server>(
    before.servers.map((server) => [formatAddress(server.address), server]),
  )
  const counts = new Map<Server, { clients: number; stay: number }>()
  for (const [index, place] of from.entries()) {
    const server = place === null ? undefined : byAddress.get(place)
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

/**
 * Sends clients to both configurations of an upstream.
 * @returns null: a target refuses the upstream.
 */
export const modelled = (
  pair: UpstreamPair,
  targets: Pair<Target>,
  clusters: Pair<Cluster>,
  clientsFor: (servers: number) => readonly Client[],
): Modelled | null => {
  const before = simulatedUpstream(clusters.before, pair.before, targets.before)
  const after = simulatedUpstream(clusters.after, pair.after, targets.after)
  if (before === null || after === null) return null
  const servers = Math.max(pair.before.servers.length, pair.after.servers.length)
  const found = compare(before, after, clientsFor(servers))
  return {
    flows: flowsIn(pair, found),
    failed: found.failed,
    spread: found.spread,
    title: after.title,
  }
}
