import type { Cluster, Server, Upstream } from '../model/cluster.ts'
import type { Target } from '../model/target.ts'
import { withUpstreams } from '../model/with-upstreams.ts'
import { change } from '../simulate/change.ts'
import { compare } from '../simulate/compare.ts'
import { arrive, type Crowd, spreadOf } from '../simulate/crowd.ts'
import { clientsOfShape, type ShapeName } from '../simulate/population/shapes.ts'
import { type Simulated, simulatedUpstream } from '../simulate/upstream/simulated.ts'

/** What a situation costs. Shares are from 0 to 1. */
export interface Cost {
  /** Of the clients: their next request goes to another server. */
  readonly moved: number
  /** Of the sessions. */
  readonly lost: number
  /** Of the clients: their next request gets an error. */
  readonly failed: number
}

/** What the form of one target costs, as the models have it. */
export interface Costs {
  /** How many clients were simulated. */
  readonly clients: number
  /** The clients of the busiest server, as a multiple of what its weight gives it. 1: even. */
  readonly spread: number
  /** The same where all clients come through a CDN with `cdnAddresses` addresses. */
  readonly spreadBehindCdn: number
  /** Shares of clients and sessions, by what happens. */
  readonly serverFails: Cost
  readonly serverRestarts: Cost
  readonly proxyRestarts: Cost
  readonly serverAdded: Cost
}

/** With fewer clients for each server, their distribution would be chance. */
const clientsPerServer = 50
const fewestClients = 1000
/** With more servers, the figures take too long. */
export const mostServers = 200
export const cdnAddresses = 8
const seed = 1

const takesNew = ({ state }: Server): boolean => state === 'up'

/** The largest number of clients of a server, compared with what its weight gives it. */
const unevenness = (crowd: Crowd): number => {
  const servers = crowd.simulated.upstream.servers.filter(takesNew)
  const weights = servers.reduce((sum, { weight }) => sum + weight, 0)
  const counts = spreadOf(crowd)
  const served = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (served === 0 || weights === 0) return 1
  return Math.max(
    ...servers.map(({ name, weight }) => (counts.get(name) ?? 0) / served / (weight / weights)),
  )
}

const clientCount = ({ servers }: Upstream): number =>
  Math.max(fewestClients, clientsPerServer * servers.length)

const clientsOf = (upstream: Upstream, name: ShapeName, count: number | null) =>
  clientsOfShape({ name, count }, clientCount(upstream), seed)

const crowdOf = (simulated: Simulated, shape: ShapeName, count: number | null): Crowd =>
  arrive(simulated, clientsOf(simulated.upstream, shape, count), seed)

type Events = Parameters<typeof change>[1]['events']

const costOf = (simulated: Simulated, reload: Simulated | null, events: Events): Cost => {
  const outcome = change(crowdOf(simulated, 'internet', null), { reload, events })
  const { clients, moved, failed, lost, sessions } = outcome
  return {
    moved: moved / clients,
    failed: failed / clients,
    lost: sessions === 0 ? 0 : lost / sessions,
  }
}

/** The cluster with one more server in an upstream, like an existing one. */
const withOneMore = (cluster: Cluster, upstream: Upstream, like: Server): Cluster => {
  const address = { kind: 'inet', host: '192.0.2.199', port: 8080 } as const
  const added: Server = { ...like, name: 'added', route: 'added', address }
  return withUpstreams(cluster, (each) =>
    each === upstream ? { ...each, servers: [...each.servers, added] } : each,
  )
}

const addedCost = (cluster: Cluster, simulated: Simulated, like: Server, target: Target): Cost => {
  const { upstream } = simulated
  const larger = withOneMore(cluster, upstream, like)
  const index = cluster.upstreams.indexOf(upstream)
  const now = larger.upstreams[index]
  const after = now === undefined ? null : simulatedUpstream(larger, now, target)
  if (after === null) return { moved: 0, lost: 0, failed: 0 }
  const clients = clientsOf(upstream, 'internet', null)
  const { moved, movedAnyway, lost, failed } = compare(simulated, after, clients)
  return { moved: Math.max(0, moved - movedAnyway), lost, failed }
}

/**
 * What the form of a target costs.
 * @returns null: the target has no form for the upstream, or the upstream has too many servers.
 */
export const costsOf = (cluster: Cluster, upstream: Upstream, target: Target): Costs | null => {
  if (upstream.servers.length > mostServers) return null
  const simulated = simulatedUpstream(cluster, upstream, target)
  const dying = upstream.servers.find(takesNew)
  if (simulated === null || dying === undefined) return null
  const { name: server } = dying
  // A proxy that restarts forgets what it learned; a reload may keep it.
  const restarted = { ...simulated, start: () => simulated.start() }
  return {
    clients: clientCount(upstream),
    spread: unevenness(crowdOf(simulated, 'internet', null)),
    spreadBehindCdn: unevenness(crowdOf(simulated, 'cdn', cdnAddresses)),
    serverFails: costOf(simulated, null, [
      { kind: 'dies', server },
      { kind: 'noticed', server },
    ]),
    serverRestarts: costOf(simulated, null, [
      { kind: 'dies', server },
      { kind: 'returns', server },
    ]),
    proxyRestarts: costOf(simulated, restarted, []),
    serverAdded: addedCost(cluster, simulated, dying, target),
  }
}
