import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { isHostName } from '../../../model/ip.ts'
import { isPool } from '../../../model/resolver.ts'
import { routeFor } from '../../../model/route.ts'
import { checkDrained, connectionLimit } from '../../servers.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { resolversName, serverName } from '../names.ts'
import { templateOf } from '../resolvers.ts'
import { isUnchecked } from './checks.ts'
import { type FailsView, failsOf } from './failures.ts'
import { checkProtocol, tlsWords } from './tls.ts'

export interface ServerView {
  /** Of a template, the beginning of the names. */
  readonly name: string
  /** The numbers of a `server-template`; null: one server. */
  readonly template: string | null
  readonly address: string
  readonly id: number | null
  readonly cookie: string | null
  /** Text, because 0 is a weight. */
  readonly weight: string | null
  readonly minconn: number | null
  readonly maxconn: number | null
  readonly fails: FailsView | null
  readonly isUnchecked: boolean
  /** `ssl` and its parameters. */
  readonly tls: readonly string[]
  readonly isBackup: boolean
  readonly isDisabled: boolean
  /** When its name is looked up: always, or at the start; null: an IP address or socket. */
  readonly lookup: {
    /** The section of the DNS servers; null: only at the start. */
    readonly resolvers: string | null
    /** What HAProxy starts with. */
    readonly initial: string
  } | null
  /** `hash-key`; null: the number of the server. */
  readonly hashKey: string | null
}

const serverAddress = (address: Address): string =>
  address.kind === 'unix' ? `unix@${address.path}` : formatAddress(address)

const isNamed = ({ address }: Server): boolean =>
  address.kind === 'inet' && address.host !== null && isHostName(address.host)

/** HAProxy starts also when a name cannot be looked up. */
const lookupOf = (server: Server): ServerView['lookup'] => {
  if (server.resolves) return { resolvers: resolversName, initial: 'none' }
  return isNamed(server) ? { resolvers: null, initial: 'last,libc,none' } : null
}

const weightOf = ({ state, weight }: Server): string | null => {
  if (state === 'drain') return '0'
  return weight === 1 ? null : String(weight)
}

export interface ServersOptions {
  /** Servers are named by a cookie of HAProxy's. */
  readonly hasCookies: boolean
  /** Null: HAProxy numbers them in turn. */
  readonly ids: ReadonlyMap<Server, number> | null
}

export const serverViews = (
  upstream: Upstream,
  { hasCookies, ids }: ServersOptions,
  context: Context,
): readonly ServerView[] => {
  noteRoutes(upstream, hasCookies, context)
  const tls = tlsWords(upstream)
  return upstream.servers.map((server) => {
    const template = templateOf(server)
    const name = serverName(server, upstream)
    return {
      // No name in a spec has two dots in succession.
      name: template === null ? name : `${name}..`,
      template,
      address: serverAddress(server.address),
      // Each server of a template has a number and a cookie of its own.
      id: template === null ? (ids?.get(server) ?? null) : null,
      cookie: hasCookies && template === null ? server.route : null,
      weight: weightOf(server),
      minconn: connectionLimit(server) === null ? null : server.minConns,
      maxconn: connectionLimit(server),
      fails: failsOf(server, upstream, context),
      isUnchecked: isUnchecked(server, upstream),
      tls,
      isBackup: server.state === 'backup',
      isDisabled: server.state === 'down',
      lookup: lookupOf(server),
      hashKey:
        template !== null && ids !== null && context.features.hashesAddresses ? 'addr-port' : null,
    }
  })
}

const keepsSessions = ({ affinity }: Upstream): boolean =>
  affinity.method === 'jvm_route' || affinity.method === 'sticky'

const noteRoutes = (upstream: Upstream, hasCookies: boolean, { findings }: Context): void => {
  if (hasCookies || upstream.app.runtime === 'tomcat') return
  const server = upstream.servers.find(
    (each) => each.route !== routeFor(each.name) && serverName(each, upstream) !== each.route,
  )
  if (server)
    withoutEffect(
      findings,
      [...server.path, 'route'],
      'HAProxy',
      'with this affinity, HAProxy identifies servers by their names',
    )
}

/** Differences from nginx, each reported once for an upstream: at the first server that has it. */
export const noteServers = (upstream: Upstream, context: Context): void => {
  const { features, findings, version } = context
  const { affinity, servers } = upstream
  checkProtocol(upstream, context)
  const limited = servers.find(({ maxConns }) => maxConns)
  const busy = servers.find(({ maxBusy }) => maxBusy)
  const named = servers.find((server) => isNamed(server) && !server.resolves)
  if (!keepsSessions(upstream)) {
    checkDrained(servers, (at, message, help) => {
      report(findings, 'haproxy-drain', at, message, help)
    })
  }
  const pool = servers.find(isPool)
  const isHashed = affinity.method === 'ip_hash' || affinity.method === 'hash'
  if (pool !== undefined && isHashed && !features.hashesAddresses) {
    report(
      findings,
      'haproxy-resolve-hash',
      atValue([...pool.path, 'resolve']),
      `HAProxy ${version.text} hashes clients to numbers, not to addresses: after a reload, clients of "${pool.name}" are sent to other addresses`,
      'use HAProxy 3.0 or later, or affinity { method: sticky, by: cookie }',
    )
  }
  if (limited) {
    report(
      findings,
      'haproxy-max-conns',
      atValue([...limited.path, 'maxConns']),
      'a request whose session belongs to a full server waits in its queue for up to 5 s',
      null,
    )
  }
  if (busy) {
    report(
      findings,
      'haproxy-max-busy',
      atValue([...busy.path, 'maxBusy']),
      'maxBusy uses "maxconn": requests wait for a busy server instead of being sent to another one',
      null,
    )
  }
  if (named) {
    report(
      findings,
      'haproxy-host-names',
      atValue([...named.path, 'address']),
      'HAProxy resolves host names once, when it starts',
      'write resolve: true, or the IP address; or reload HAProxy when an address changes',
    )
  }
}
