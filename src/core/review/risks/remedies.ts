import type { Cluster, Upstream } from '../../model/cluster.ts'
import { formatDuration } from '../../model/duration.ts'
import { reloadCommand } from '../../output/reload-command.ts'
import { sessionLifetime } from '../../session-keeping.ts'
import type { Remedy } from '../review.ts'

/** How long a session can live without a request. */
const lifetimeText = (upstream: Upstream): string => {
  const ms = sessionLifetime(upstream)
  return ms === null ? 'the lifetime of a session' : formatDuration(ms)
}

/** What makes a new configuration effective. */
export const deployment = ({ targets }: Cluster): readonly string[] => [
  'sessctl generate',
  ...targets.map(reloadCommand),
]

/** Servers stop getting new sessions, and get requests of existing ones until these have ended. */
export const drainFirst = (
  servers: string,
  then: string,
  upstream: Upstream,
  cluster: Cluster,
): Remedy => ({
  text: `drain ${servers} first: set state: drain, generate and reload, wait until the sessions have ended (${lifetimeText(upstream)} after their last requests), then ${then}`,
  commands: deployment(cluster),
})

export const advice = (text: string): Remedy => ({ text, commands: [] })

export const shareSessions = ({ app }: Upstream): Remedy =>
  advice(
    app.runtime === 'none'
      ? 'store sessions where all servers can read them, and declare it in app.sessions'
      : app.runtime === 'tomcat'
        ? 'store sessions where all servers can read them, such as sessions: { store: redisson, use: NAME }, or replicate them (delta, backup)'
        : 'store sessions where all servers can read them',
  )

export const bindByRoute = ({ app }: Upstream): Remedy =>
  advice(
    app.runtime === 'tomcat'
      ? 'use affinity: { method: jvm_route }, with which a session stays on its server whatever happens to the others'
      : 'use affinity: { method: sticky, by: cookie, cookie: srv_id }, with which a client stays on its server whatever happens to the others',
  )
