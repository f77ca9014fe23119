import { atKey } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import { formatRange } from '../../../model/check.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { speaksHttp } from '../../../model/protocol.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'

export interface CheckView {
  readonly interval: string
  /** `timeout check`; null: the interval. */
  readonly timeout: string | null
  /** While a server is down or about to change; null: the same. */
  readonly downInterval: string | null
  readonly rise: number
  readonly fall: number
  readonly port: number | null
  /** `on-marked-down shutdown-sessions` */
  readonly closesOnDown: boolean
}

/** A check by an HTTP request; without it, a check is a TCP connection. */
export interface HttpCheckView {
  readonly method: string
  readonly uri: string
  readonly host: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** `200,301-308`; null: HAProxy's own 200-399. */
  readonly statuses: string | null
  /** Expected in the body. */
  readonly text: string | null
}

/** HAProxy's own defaults, written out. */
const added: CheckView = {
  interval: '2s',
  timeout: null,
  downInterval: null,
  rise: 2,
  fall: 3,
  port: null,
  closesOnDown: false,
}

/** With maxFails: 0 a server is not checked, unless the upstream has a check. */
export const isUnchecked = (server: Server, { check }: Upstream): boolean =>
  check === null && server.maxFails === 0

/** The health checks of the upstream; null: no server has any. */
export const checkOf = (upstream: Upstream, context: Context): CheckView | null => {
  const { check, servers, path } = upstream
  if (check !== null) {
    if (check.uri !== null && !speaksHttp(upstream))
      notFollowed(
        context.findings,
        [...check.path, 'uri'],
        'HAProxy',
        `the servers speak ${upstream.protocol}, and its checks are HTTP: it checks that they accept connections`,
      )
    const { downIntervalMs, intervalMs, timeoutMs, rise, fall, port, closesOnDown } = check
    return {
      interval: timer(intervalMs, [...check.path, 'interval'], context),
      timeout: timeoutMs === null ? null : timer(timeoutMs, [...check.path, 'timeout'], context),
      downInterval:
        downIntervalMs === null
          ? null
          : timer(downIntervalMs, [...check.path, 'downInterval'], context),
      rise,
      fall,
      port,
      closesOnDown,
    }
  }
  if (servers.every((server) => isUnchecked(server, upstream))) return null
  report(
    context.findings,
    'haproxy-checks',
    atKey(path),
    `servers of "${upstream.name}" are health-checked every 2 s (TCP connect)`,
    'write check: { interval: … } to configure the checks, or maxFails: 0 to disable those of a server',
  )
  return added
}

export const httpCheckOf = (
  upstream: Upstream,
  hosts: ReadonlyMap<string, string>,
): HttpCheckView | null => {
  const { check, name } = upstream
  if (check === null || !speaksHttp(upstream) || check.uri === null) return null
  const { headers, method, uri, statuses, text } = check
  return {
    method,
    uri,
    host: check.host ?? hosts.get(name) ?? 'localhost',
    headers,
    statuses: statuses === null ? null : statuses.map(formatRange).join(','),
    text,
  }
}

/** The Host header of checks: the first server name without wildcards whose frontend uses the upstream. */
export const checkHosts = ({ cluster }: Context): ReadonlyMap<string, string> => {
  const hosts = new Map<string, string>()
  for (const { serverNames, locations } of cluster.frontends) {
    const host = serverNames.find((name) => /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(name))
    for (const { action } of host === undefined ? [] : locations) {
      if (action.kind === 'proxy' && host !== undefined && !hosts.has(action.upstream.name))
        hosts.set(action.upstream.name, host)
    }
  }
  return hosts
}
