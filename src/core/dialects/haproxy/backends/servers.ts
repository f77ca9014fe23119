import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { isHostName } from '../../../model/ip.ts'
import { routeFor } from '../../../model/route.ts'
import { checkDrained, connectionLimit } from '../../servers.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { serverName } from '../names.ts'
import { isUnchecked } from './checks.ts'
import { type FailsView, failsOf } from './failures.ts'
import { checkProtocol, tlsWords } from './tls.ts'

export interface ServerView {
  readonly name: string
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
  /** A name to look up: when that fails, HAProxy starts all the same. */
  readonly isHostName: boolean
}

const serverAddress = (address: Address): string =>
  address.kind === 'unix' ? `unix@${address.path}` : formatAddress(address)

const isNamed = ({ address }: Server): boolean =>
  address.kind === 'inet' && address.host !== null && isHostName(address.host)

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
  return upstream.servers.map((server) => ({
    name: serverName(server, upstream),
    address: serverAddress(server.address),
    id: ids?.get(server) ?? null,
    cookie: hasCookies ? server.route : null,
    weight: weightOf(server),
    minconn: connectionLimit(server) === null ? null : server.minConns,
    maxconn: connectionLimit(server),
    fails: failsOf(server, upstream, context),
    isUnchecked: isUnchecked(server, upstream),
    tls,
    isBackup: server.state === 'backup',
    isDisabled: server.state === 'down',
    isHostName: isNamed(server),
  }))
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
  const { findings } = context
  const { servers } = upstream
  checkProtocol(upstream, context)
  const limited = servers.find(({ maxConns }) => maxConns)
  const busy = servers.find(({ maxBusy }) => maxBusy)
  const named = servers.find(isNamed)
  if (!keepsSessions(upstream)) {
    checkDrained(servers, (at, message, help) => {
      report(findings, 'haproxy-drain', at, message, help)
    })
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
      'reload HAProxy when an address changes, or write the IP address',
    )
  }
}
