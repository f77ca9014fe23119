import type { App } from '../../model/app.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { formatDuration } from '../../model/duration.ts'
import { lifetimeOf } from '../../model/sessions.ts'
import { reloadCommand } from '../../output/reload-command.ts'
import type { Remedy } from '../review.ts'

/** Sessions of Tomcat, of Spring Session and of PHP end after these times by default. */
const defaultLifetimes = {
  tomcat: 30 * 60_000,
  spring: 30 * 60_000,
  php: 24 * 60_000,
  django: 14 * 86_400_000,
} as const

/** How long a session can live without a request. */
const lifetimeText = (app: App): string =>
  app.runtime === 'none'
    ? 'the lifetime of a session'
    : formatDuration(lifetimeOf(app.sessions) ?? defaultLifetimes[app.runtime])

/** What makes a new configuration effective. */
export const deployment = ({ targets }: Cluster): readonly string[] => [
  'sessctl generate',
  ...targets.map(reloadCommand),
]

/** Servers stop getting new sessions, and get requests of existing ones until these have ended. */
export const drainFirst = (
  servers: string,
  then: string,
  { app }: Upstream,
  cluster: Cluster,
): Remedy => ({
  text: `drain ${servers} first: set state: drain, generate and reload, wait until the sessions have ended (${lifetimeText(app)} after their last requests), then ${then}`,
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
