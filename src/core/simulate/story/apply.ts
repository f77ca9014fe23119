import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Address } from '../../model/address.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { Cluster, Server, Upstream } from '../../model/cluster.ts'
import { resolveAffinity } from '../../model/resolve/affinity.ts'
import { routeFor } from '../../model/route.ts'
import { withUpstreams } from '../../model/with-upstreams.ts'
import type { AffinityName, EventProblem, StoryEvent } from './event.ts'

const common = { onFailure: 'rebalance', via: 'auto' } as const

const affinityOf = (name: AffinityName, { app, affinity: { path } }: Upstream): Affinity => {
  switch (name) {
    case 'none':
      return { method: 'none', path }
    case 'ip_hash':
      return resolveAffinity({ method: 'ip_hash', ...common }, app, path)
    case 'hash':
    case 'consistent_hash': {
      const consistent = name === 'consistent_hash'
      return resolveAffinity(
        { method: 'hash', key: '$remote_addr', consistent, ...common },
        app,
        path,
      )
    }
    case 'jvm_route':
      return resolveAffinity({ method: 'jvm_route', reverse: true, ...common }, app, path)
    case 'cookie':
      return resolveAffinity(
        {
          method: 'sticky',
          by: 'cookie',
          cookie: 'srv_id',
          path: '/',
          httpOnly: false,
          secure: false,
          mode: 'insert',
          indirect: true,
          nocache: true,
          ...common,
        },
        app,
        path,
      )
  }
}

/** The next address that no server has: the last number of the last server is increased. */
const freeAddress = (servers: readonly Server[]): Address => {
  const last = servers.at(-1)?.address
  if (last === undefined || last.kind === 'unix')
    return { kind: 'unix', path: `${last?.path ?? '/run/app'}-new` }
  const taken = new Set(
    servers.flatMap(({ address }) => (address.kind === 'inet' ? address.port : [])),
  )
  for (let port = last.port + 1; port <= 65_535; port++)
    if (!taken.has(port)) return { ...last, port }
  return last
}

const added = (
  servers: readonly Server[],
  name: string,
  address: Address | null,
): readonly Server[] => {
  const [pattern] = servers
  if (pattern === undefined) return servers
  const server: Server = {
    ...pattern,
    name,
    route: routeFor(name),
    address: address ?? freeAddress(servers),
    weight: 1,
    state: 'up',
  }
  return [...servers, server]
}

const changedIn = (
  servers: readonly Server[],
  name: string,
  change: Partial<Server>,
): readonly Server[] =>
  servers.map((server) => (server.name === name ? { ...server, ...change } : server))

const states = { drain: 'drain', down: 'down', up: 'up' } as const

/** The upstream after an event; of servers that die and return, it is unchanged. */
const upstreamAfter = (upstream: Upstream, event: StoryEvent): Upstream => {
  const { servers } = upstream
  switch (event.kind) {
    case 'reload':
    case 'dies':
    case 'returns':
      return upstream
    case 'remove':
      return { ...upstream, servers: servers.filter(({ name }) => name !== event.server) }
    case 'drain':
    case 'down':
    case 'up':
      return {
        ...upstream,
        servers: changedIn(servers, event.server, { state: states[event.kind] }),
      }
    case 'weight':
      return { ...upstream, servers: changedIn(servers, event.server, { weight: event.weight }) }
    case 'add':
      return { ...upstream, servers: added(servers, event.server, event.address) }
    case 'affinity':
      return { ...upstream, affinity: affinityOf(event.method, upstream) }
    case 'balance':
      return { ...upstream, balance: { kind: event.method } }
  }
}

/** What an event cannot be applied to; null: it can. */
export const problemOf = ({ name, servers }: Upstream, event: StoryEvent): EventProblem | null => {
  if (!('server' in event)) return null
  const names = servers.map((server) => server.name)
  const isKnown = names.includes(event.server)
  if (event.kind === 'add')
    return isKnown
      ? {
          problem: `upstream "${name}" already has a server "${event.server}"`,
          help: 'use another name',
        }
      : null
  if (!isKnown)
    return {
      problem: `upstream "${name}" has no server "${event.server}"`,
      help: didYouMean(event.server, names),
    }
  return event.kind === 'remove' && names.length === 1
    ? {
        problem: `"${event.server}" is the only server of "${name}"`,
        help: 'add another one before',
      }
    : null
}

/** Whether the proxy reads a new configuration. */
export const isReload = ({ kind }: StoryEvent): boolean => kind !== 'dies' && kind !== 'returns'

/** The cluster after an event, with the upstream in it. */
export const applied = (
  cluster: Cluster,
  upstream: Upstream,
  event: StoryEvent,
): { readonly cluster: Cluster; readonly upstream: Upstream } => {
  const after = upstreamAfter(upstream, event)
  if (after === upstream) return { cluster, upstream }
  return {
    cluster: withUpstreams(cluster, (each) => (each === upstream ? after : each)),
    upstream: after,
  }
}
