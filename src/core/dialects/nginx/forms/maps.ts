import { atKey, atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { blockOf } from '../block.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import type { Names } from '../names.ts'
import { serverLine } from '../server-line.ts'
import type { MapGroupView, UpstreamView } from '../views.ts'
import type { Context, Form, Part } from './form.ts'
import type { RouteSource } from './route-maps.ts'

type RouteAffinity = JvmRouteAffinity | StickyRouteAffinity

/** Each server is named in the block of every other one: above this the file grows past reason. */
const mostServers = 200

const isStrict = (affinity: RouteAffinity): boolean => affinity.onFailure === 'strict'

/**
 * Servers that sessions can be pinned to. Without `strict`, those of a server that is down or a
 * backup are balanced like new ones: a backup takes them only when the primaries cannot.
 */
const pinnable = (servers: readonly Server[], strict: boolean): readonly Server[] =>
  servers.filter(({ state }) => strict || state === 'up' || state === 'drain')

/** Who takes over the sessions of a server that cannot answer: all that take new ones. */
const standIns = (upstream: Upstream): readonly Server[] =>
  upstream.servers.filter(({ state }) => state === 'up' || state === 'backup')

/** Tomcat refuses a Host with `_`, and an upstream's name is the Host where nothing else is said. */
const hostLike = (name: string): string => name.replaceAll('_', '-')

const poolNames = (upstream: Upstream, names: Names, servers: readonly Server[]) => {
  const base = hostLike(upstream.name)
  const all = base === upstream.name ? base : names.upstream(base)
  return {
    all,
    byServer: new Map(
      servers.map((server) => [server, names.upstream(`${all}-${hostLike(server.route)}`)]),
    ),
  }
}

/** The block for requests without a session: a drained server gets none of those. */
const poolForAll = (base: UpstreamView, upstream: Upstream): UpstreamView => ({
  ...base,
  servers: upstream.servers.map((server) =>
    serverLine(
      server,
      server.state === 'up' ? null : server.state === 'drain' ? 'down' : server.state,
    ),
  ),
})

/** The block for one server's sessions. The others are backups: nginx asks them when it cannot answer. */
const poolForOne = (
  base: UpstreamView,
  server: Server,
  others: readonly Server[],
): UpstreamView => ({
  ...base,
  pinnedTo: server.name,
  // The method of the whole does not matter among one, and hash and random know no backup.
  isLeastConn: false,
  isRandom: false,
  hash: null,
  servers: [
    serverLine(server, server.state === 'down' ? 'down' : null),
    ...others.filter((other) => other !== server).map((other) => serverLine(other, 'backup')),
  ],
})

const named = (block: UpstreamView, name: string): UpstreamView => ({
  ...block,
  name,
  zone: block.zone === null ? null : { ...block.zone, name },
})

/** Expressions, because nginx compares the plain keys of a map without regard to case. */
const poolMap = (
  upstream: Upstream,
  source: string,
  variable: string,
  all: string,
  byServer: ReadonlyMap<Server, string>,
): MapGroupView => ({
  upstream: upstream.name,
  isSession: false,
  isVariables: false,
  isPool: true,
  maps: [
    {
      source,
      variable,
      entries: [
        { key: 'default', value: all },
        ...[...byServer].map(([{ route }, value]) => ({ key: `~^${route}$`, value })),
      ],
    },
  ],
})

const warningsOf = ({ servers }: Upstream, strict: boolean): Diagnostic[] => {
  const warnings: Diagnostic[] = []
  const limited = servers.find(({ maxConns }) => maxConns !== null && maxConns > 0)
  if (limited) {
    warnings.push(
      report(
        'nginx-maps-max-conns',
        atValue([...limited.path, 'maxConns']),
        `each upstream block counts on its own: "${limited.name}" may get ${limited.maxConns} connections as its sessions' server, and as many again from new clients`,
        'the jvm_route module and nginx 1.29.6 count them together',
      ),
    )
  }
  const standby = strict ? undefined : servers.find(({ state }) => state === 'backup')
  if (standby) {
    warnings.push(
      report(
        'nginx-maps-backup',
        atValue([...standby.path, 'state']),
        `when a server fails, "${standby.name}" gets its share of the sessions at once: nginx has one rank of backups, and here the other servers stand in it as well`,
        'the jvm_route module and nginx 1.29.6 keep a backup for last',
      ),
    )
  }
  return warnings
}

const tooMany = ({ servers, path }: Upstream, features: Features): Diagnostic[] =>
  servers.length <= mostServers
    ? []
    : [
        report(
          'nginx-maps-too-many',
          atKey([...path, 'servers']),
          `maps name each of the ${servers.length} servers in the block of every other one, ${mostServers} at most: the file would have ${(servers.length + 1) * servers.length} server lines`,
          `${features.label} needs modules: [jvm_route] for so many, or be nginx 1.29.6; onFailure: strict needs one line a server`,
        ),
      ]

const write = (
  affinity: RouteAffinity,
  route: (context: Context) => RouteSource,
  context: Context,
): Part => {
  const { upstream, features, names, zone } = context
  const strict = isStrict(affinity)
  const servers = pinnable(upstream.servers, strict)
  const { all, byServer } = poolNames(upstream, names, servers)
  const source = route(context)
  const variable = names.variable(`pool_${upstream.name}`)
  const base = blockOf(upstream, features, zone)
  const others = strict ? [] : standIns(upstream)
  const pools = [...byServer].map(([server, name]) => named(poolForOne(base, server, others), name))
  return {
    maps: [...source.maps, poolMap(upstream, source.variable, variable, all, byServer)],
    upstreams: [named(poolForAll(base, upstream), all), ...pools],
    passTo: variable,
    isVariable: true,
    userid: null,
    hideCookieOf: null,
    logged: { route: source.variable, routeStatus: null },
    ignoresChecks: null,
    warnings: [...source.diagnostics, ...warningsOf(upstream, strict)],
  }
}

/**
 * Affinity on any nginx: a map turns the route into the name of an upstream block in which that
 * server comes first and all others are backups.
 */
export const mapsForm = (
  affinity: RouteAffinity,
  upstream: Upstream,
  features: Features,
  route: (context: Context) => RouteSource,
): Form => ({
  via: 'maps',
  title: 'maps and one upstream block a server',
  missing: null,
  limits: {
    balance: 'any',
    backup: true,
    drain: true,
    strict: true,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: true,
  },
  refusals: () => (isStrict(affinity) ? [] : tooMany(upstream, features)),
  write: (context) => write(affinity, route, context),
})
