import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import type { Names } from '../names.ts'
import {
  serverDirective,
  stateWithoutDrain,
  type UpstreamView,
  upstreamBlock,
} from '../upstream-block.ts'
import type {
  Implementation,
  MapGroupView,
  UpstreamConfiguration,
  UpstreamContext,
} from './implementation.ts'
import type { RouteSource } from './route-maps.ts'

type RouteAffinity = JvmRouteAffinity | StickyRouteAffinity

type RouteOf = (context: UpstreamContext, findings: Findings) => RouteSource

/** The number of server directives grows with its square. */
const mostServers = 200

const isStrict = (affinity: RouteAffinity): boolean => affinity.onFailure === 'strict'

/**
 * Servers with an upstream block of their own. Without `strict`, sessions of a server that is down or a
 * backup are balanced like new ones.
 */
const pinnable = (servers: readonly Server[], strict: boolean): readonly Server[] =>
  servers.filter(({ state }) => strict || state === 'up' || state === 'drain')

/** Tomcat refuses a Host with `_`, and nginx uses the name of the upstream as the default Host. */
const hostName = (name: string): string => name.replaceAll('_', '-')

const blockNames = (upstream: Upstream, names: Names, servers: readonly Server[]) => {
  const base = hostName(upstream.name)
  const all = base === upstream.name ? base : names.upstream(base)
  return {
    all,
    byServer: new Map(
      servers.map((server) => [server, names.upstream(`${all}-${hostName(server.route)}`)]),
    ),
  }
}

/** The upstream block of one server: nginx uses the others, which are backups, when it fails. */
const pinnedBlock = (
  base: UpstreamView,
  server: Server,
  backups: readonly Server[],
): UpstreamView => ({
  ...base,
  pinnedTo: server.name,
  // One server needs no method, and hash and random do not support backups.
  isLeastConn: false,
  isRandom: false,
  hash: null,
  servers: [
    serverDirective(server, server.state === 'down' ? 'down' : null),
    ...backups.filter((other) => other !== server).map((other) => serverDirective(other, 'backup')),
  ],
})

const renamed = (block: UpstreamView, name: string): UpstreamView => ({
  ...block,
  name,
  zone: block.zone === null ? null : { ...block.zone, name },
})

/** The keys are expressions because nginx compares plain keys without regard to case. */
const blockMap = (
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

const warn = ({ servers }: Upstream, strict: boolean, findings: Findings): void => {
  const limited = servers.find(({ maxConns }) => maxConns !== null && maxConns > 0)
  if (limited) {
    report(
      findings,
      'nginx-maps-max-conns',
      atValue([...limited.path, 'maxConns']),
      `each upstream block counts connections separately: "${limited.name}" can get ${limited.maxConns} for its own sessions, and ${limited.maxConns} more from new clients`,
      'use the jvm_route module or nginx 1.29.6, which count them together',
    )
  }
  const backup = strict ? undefined : servers.find(({ state }) => state === 'backup')
  if (backup) {
    report(
      findings,
      'nginx-maps-backup',
      atValue([...backup.path, 'state']),
      `if a server fails, "${backup.name}" gets a share of its sessions at once: in the block of that server, all other servers are backups too`,
      'use the jvm_route module or nginx 1.29.6, which use a backup only when all other servers fail',
    )
  }
}

const configure = (
  affinity: RouteAffinity,
  routeOf: RouteOf,
  context: UpstreamContext,
  findings: Findings,
): UpstreamConfiguration => {
  const { upstream, features, names, zone } = context
  const strict = isStrict(affinity)
  const { all, byServer } = blockNames(upstream, names, pinnable(upstream.servers, strict))
  const route = routeOf(context, findings)
  warn(upstream, strict, findings)
  const variable = names.variable(`pool_${upstream.name}`)
  const base = upstreamBlock(upstream, features, zone)
  const backups = strict
    ? []
    : upstream.servers.filter(({ state }) => state === 'up' || state === 'backup')
  const forNewSessions = {
    ...base,
    servers: upstream.servers.map((server) => serverDirective(server, stateWithoutDrain(server))),
  }
  return {
    maps: [...route.maps, blockMap(upstream, route.variable, variable, all, byServer)],
    upstreams: [
      renamed(forNewSessions, all),
      ...[...byServer].map(([server, name]) => renamed(pinnedBlock(base, server, backups), name)),
    ],
    passTo: variable,
    isVariable: true,
    userid: null,
    hideCookieOf: null,
    logged: { route: route.variable, routeStatus: null },
    ignoresChecks: null,
  }
}

/**
 * Works in any nginx: a map turns the route into the name of an upstream block in which that server comes
 * first and all others are backups.
 */
export const maps = (
  affinity: RouteAffinity,
  { servers, path }: Upstream,
  features: Features,
  routeOf: RouteOf,
): Implementation => ({
  via: 'maps',
  title: 'maps and one upstream block per server',
  missing: null,
  capabilities: {
    balance: 'any',
    backup: true,
    drain: true,
    strict: true,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: true,
  },
  check: (findings) => {
    if (isStrict(affinity) || servers.length <= mostServers) return
    report(
      findings,
      'nginx-maps-too-many',
      atKey([...path, 'servers']),
      `maps support at most ${mostServers} servers: with ${servers.length}, the file would have ${(servers.length + 1) * servers.length} server directives`,
      `add modules: [jvm_route] to ${features.label} or use nginx 1.29.6; or set onFailure: strict, which needs two directives per server`,
    )
  },
  configure: (context, findings) => configure(affinity, routeOf, context, findings),
})
