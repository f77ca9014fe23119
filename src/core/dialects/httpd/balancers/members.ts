import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import { type Address, formatAddress } from '../../../model/address.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import type { Protocol } from '../../../spec/schema/server-tls.ts'
import { balancerIdleSeconds } from '../../idle-seconds.ts'
import { checkDrained, connectionLimit } from '../../servers.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { secondsOf } from '../values.ts'
import { type CheckView, checkOf } from './checks.ts'
import { responseFieldSize } from './headers.ts'
import { lookupOf, noteLookups } from './lookup.ts'
import { ajpSecretOf } from './server-tls.ts'
import { memberTimeouts } from './timeouts.ts'

/** One BalancerMember line. */
export interface MemberView {
  readonly url: string
  /** An environment variable with the secret of AJP; null: none. */
  readonly secretVariable: string | null
  /** The whole parameter, for a literal secret. */
  readonly secret: string | null
  readonly route: string
  readonly weight: number | null
  /** Seconds until a member that failed is tried again, as text because 0 is a number of them. */
  readonly retry: string | null
  /** Connections of each process. */
  readonly max: number | null
  readonly connectTimeout: string
  /** Until a connection is free, where `max` limits them; null: as long as it takes. */
  readonly acquire: string | null
  /** Of each header of an answer, in bytes; null: the default. */
  readonly fieldSize: number | null
  /** Seconds after which the name is looked up again; null: no `addressttl`. */
  readonly addressTtl: number | null
  readonly isReused: boolean
  /** A connection that was idle for so long is not used again. */
  readonly idleSeconds: number
  /** `+H`, `+D`, `+N`; null: up. */
  readonly status: string | null
  /** Any protocol that a client asks to upgrade to. */
  readonly isUpgraded: boolean
  readonly check: CheckView | null
}

const longestSocketPath = 95
const heaviest = 100

const states = { up: null, drain: '+N', down: '+D', backup: '+H' } as const

const schemes = {
  http: 'http',
  https: 'https',
  fastcgi: 'fcgi',
  uwsgi: 'uwsgi',
  ajp: 'ajp',
} as const

const urlOf = (address: Address, protocol: Protocol): string =>
  address.kind === 'unix'
    ? `unix:${address.path}|${schemes[protocol]}://localhost/`
    : `${schemes[protocol]}://${formatAddress(address)}`

const retryOf = (server: Server, context: Context): string | null => {
  const { maxFails, failTimeoutMs, path } = server
  if (maxFails === 0) return '0'
  if (failTimeoutMs === null) return null
  return String(secondsOf(failTimeoutMs, [...path, 'failTimeout'], context))
}

const checkServer = ({ address, weight, path }: Server, { findings }: Context): void => {
  if (address.kind === 'unix' && address.path.length > longestSocketPath) {
    report(
      findings,
      'httpd-socket-path',
      atValue([...path, 'address']),
      `the socket path has ${address.path.length} bytes, httpd takes at most ${longestSocketPath}`,
      'shorten it',
    )
  }
  if (weight > heaviest) {
    report(
      findings,
      'httpd-weight',
      atValue([...path, 'weight']),
      `expected a weight from 1 to ${heaviest} for httpd, found ${weight}`,
      'divide the weights of all servers by the same number',
    )
  }
}

/** httpd keeps one worker for a URL, with the parameters of the last line that names it. */
const checkUrls = ({ protocol, servers }: Upstream, { findings }: Context): void => {
  const seen = new Map<string, Server>()
  for (const server of servers) {
    const url = urlOf(server.address, protocol).toLowerCase()
    const same = seen.get(url)
    seen.set(url, server)
    if (!same) continue
    report(
      findings,
      'httpd-address-twice',
      atValue([...server.path, 'address']),
      `"${same.name}" and "${server.name}" have the same address: httpd reads them as one BalancerMember`,
      'remove one of them, or correct its port',
    )
  }
}

export const memberViews = (upstream: Upstream, context: Context): readonly MemberView[] => {
  const check = checkOf(upstream, context)
  const { connect, acquire } = memberTimeouts(upstream, context)
  const fieldSize = responseFieldSize(upstream, context)
  checkUrls(upstream, context)
  return upstream.servers.map((server) => {
    checkServer(server, context)
    const { addressTtl, allowsReuse } = lookupOf(server, context)
    return {
      url: urlOf(server.address, upstream.protocol),
      ...ajpSecretOf(upstream),
      route: server.route,
      weight: server.weight === 1 ? null : server.weight,
      retry: retryOf(server, context),
      max: connectionLimit(server),
      connectTimeout: connect,
      acquire: connectionLimit(server) === null ? null : acquire,
      fieldSize,
      addressTtl,
      isReused: upstream.keepalive !== 0 && allowsReuse,
      idleSeconds: balancerIdleSeconds,
      status: states[server.state],
      isUpgraded: context.upgraded.has(upstream),
      check,
    }
  })
}

/** Differences from nginx, each reported once for an upstream: at the first server that has it. */
export const noteServers = (upstream: Upstream, context: Context): void => {
  const { findings } = context
  noteLookups(upstream, context)
  const { servers } = upstream
  const limited = servers.find(({ maxConns, maxBusy }) => maxConns || maxBusy)
  if (limited) {
    const key = limited.maxConns ? 'maxConns' : 'maxBusy'
    report(
      findings,
      'httpd-max-conns',
      atValue([...limited.path, key]),
      `${key} uses "max", which each process of httpd counts separately`,
      'divide the limit by the number of processes, which is MaxRequestWorkers / ThreadsPerChild',
    )
  }
  const counting = servers.find(({ maxFails }) => maxFails !== null && maxFails > 1)
  if (counting) {
    report(
      findings,
      'httpd-max-fails',
      atValue([...counting.path, 'maxFails']),
      `httpd marks a server as failed after one failed connection, not after ${counting.maxFails}`,
      null,
    )
  }
  if (upstream.keepalive !== null && upstream.keepalive > 0) {
    withoutEffect(
      findings,
      [...upstream.path, 'keepalive'],
      'httpd',
      'each process of httpd keeps as many connections as it has threads; 0 keeps none',
    )
  }
  if (upstream.affinity.method === 'none') {
    checkDrained(servers, (at, message, help) => {
      report(findings, 'httpd-drain', at, message, help)
    })
  }
}
