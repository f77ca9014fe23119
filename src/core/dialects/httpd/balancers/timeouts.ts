import { notFollowed, withoutEffect } from '../../../fields.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { locationsOf, longest, type ServerTimeout } from '../../server-timeouts.ts'
import { connectionLimit } from '../../servers.ts'
import type { Context } from '../context.ts'
import { secondsOf } from '../values.ts'

/** Parameters of BalancerMember. */
export interface MemberTimeouts {
  readonly connect: string
  readonly acquire: string | null
}

const target = 'httpd'

const standardConnectMs = 5_000

const common = (
  upstream: Upstream,
  name: ServerTimeout,
  defaultMs: number,
  { cluster, findings }: Context,
): number | null => {
  const locations = locationsOf(cluster, upstream).map(({ location }) => location)
  const { ms, shorter } = longest(locations, name, defaultMs)
  for (const { path } of shorter)
    notFollowed(
      findings,
      path,
      target,
      `all requests to "${upstream.name}" have one such timeout, the longest one is used`,
      'write an upstream with the same servers for this location',
    )
  return ms
}

const written = (ms: number): string => (ms % 1000 === 0 ? String(ms / 1000) : `${ms}ms`)

export const memberTimeouts = (upstream: Upstream, context: Context): MemberTimeouts => {
  const locations = locationsOf(context.cluster, upstream).map(({ location }) => location)
  const hasLimits = upstream.servers.some((server) => connectionLimit(server) !== null)
  for (const { settings } of locations) {
    const { connectTimeout, queueTimeout } = settings
    for (const timeout of [connectTimeout, queueTimeout])
      if (timeout !== null) secondsOf(timeout.ms, timeout.path, context)
    if (queueTimeout !== null && !hasLimits)
      withoutEffect(
        context.findings,
        queueTimeout.path,
        target,
        `no server of "${upstream.name}" has maxConns, so requests do not wait`,
      )
  }
  const acquire = common(upstream, 'queueTimeout', 0, context)
  return {
    connect: written(
      common(upstream, 'connectTimeout', standardConnectMs, context) ?? standardConnectMs,
    ),
    acquire: acquire === null ? null : String(acquire),
  }
}
