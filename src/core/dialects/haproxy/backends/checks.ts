import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'

export interface CheckView {
  readonly interval: string
  readonly rise: number
  readonly fall: number
}

/** Asks for a page; without, a TCP connection is enough. */
export interface HttpCheckView {
  readonly uri: string
  readonly host: string
}

/** How failed connections take a server out, and how long. */
export interface FailsView {
  readonly limit: number
  readonly interval: string
  /** One answer brings it back; null: as many as the upstream's check says. */
  readonly rise: number | null
}

/** HAProxy's own defaults, written out. */
const added: CheckView = { interval: '2s', rise: 2, fall: 3 }

/** nginx's own defaults, for the half that is left out. */
const standardFails = 1
const standardFailTimeoutMs = 10_000

/** Whether failed connections take a server out; for no time is not at all, as in nginx. */
const counts = ({ maxFails, failTimeoutMs }: Server): boolean =>
  maxFails !== 0 && failTimeoutMs !== 0 && (maxFails !== null || failTimeoutMs !== null)

/** maxFails: 0 says that failures do not count: then nobody asks, unless the upstream has a check. */
export const isUnchecked = (server: Server, { check }: Upstream): boolean =>
  check === null && server.maxFails === 0

/** Checks for every server that does not refuse them; null: nobody wants any. */
export const checkOf = (upstream: Upstream, context: Context): CheckView | null => {
  const { check, servers, path } = upstream
  if (check !== null) {
    const interval = timer(check.intervalMs, [...check.path, 'interval'], context)
    return { interval, rise: check.rise, fall: check.fall }
  }
  if (servers.every((server) => isUnchecked(server, upstream))) return null
  report(
    context.findings,
    'haproxy-checks',
    atKey(path),
    `the servers of "${upstream.name}" are asked every 2 s by a TCP connection`,
    'write check: { interval: … } to say how; maxFails: 0 on a server leaves it out',
  )
  return added
}

export const httpCheckOf = (
  { check, name }: Upstream,
  hosts: ReadonlyMap<string, string>,
): HttpCheckView | null =>
  check === null || check.uri === null
    ? null
    : { uri: check.uri, host: hosts.get(name) ?? 'localhost' }

/** The Host header for checks: the first plain server name that leads to the upstream. */
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

export const failsOf = (server: Server, upstream: Upstream, context: Context): FailsView | null => {
  const { maxFails, failTimeoutMs, path } = server
  if (!counts(server)) return null
  return {
    limit: maxFails ?? standardFails,
    interval: timer(failTimeoutMs ?? standardFailTimeoutMs, [...path, 'failTimeout'], context),
    rise: upstream.check === null ? 1 : null,
  }
}

/** Said once for an upstream, at the first server that has limits. */
export const noteFails = (upstream: Upstream, { findings }: Context): void => {
  const server = upstream.servers.find(counts)
  if (!server) return
  const key = server.maxFails === null ? 'failTimeout' : 'maxFails'
  report(
    findings,
    'haproxy-max-fails',
    atValue([...server.path, key]),
    `${key} is written as "observe": failed connections in a row mark the server down, checks bring it back`,
    null,
  )
}
