import type { App } from './model/app.ts'
import type { Upstream } from './model/cluster.ts'
import { keepsOwnSessions } from './model/own-sessions.ts'
import { lifetimeOf } from './model/sessions.ts'
import type { Store } from './model/store.ts'

/**
 * Who has the session of a user:
 * - `none`: the application has no sessions;
 * - `server`: only the server on which it began;
 * - `backup`: that server, and one other as its backup;
 * - `all`: every server of the cluster;
 * - `store`: a store that all servers use;
 * - `client`: the cookie itself.
 */
export type Keeping = 'none' | 'server' | 'backup' | 'all' | 'store' | 'client'

const tomcatKeeping = (app: Extract<App, { runtime: 'tomcat' }>): Keeping => {
  const { sessions } = app
  switch (sessions.store) {
    case 'none':
      return 'none'
    case 'delta':
      return 'all'
    case 'backup':
      return 'backup'
    default:
      return 'store'
  }
}

/** Where the sessions of an upstream are. An application that the spec does not name has its own. */
export const keepingOf = ({ app }: Upstream): Keeping => {
  if (app.runtime === 'none' || keepsOwnSessions(app)) return 'server'
  if (app.runtime === 'tomcat') return tomcatKeeping(app)
  switch (app.sessions.store) {
    case 'none':
      return 'none'
    case 'signed_cookies':
      return 'client'
    default:
      return 'store'
  }
}

/** Whether another server than the one on which a session began has it. */
export const isKeptElsewhere = (upstream: Upstream): boolean => {
  const keeping = keepingOf(upstream)
  return keeping !== 'none' && keeping !== 'server'
}

const placeOf = (store: Store | null): unknown => {
  if (store === null) return null
  switch (store.kind) {
    case 'redis':
      return [store.kind, store.addresses, store.master, store.database]
    case 'memcached':
      return [store.kind, store.servers.map(({ address }) => address)]
    case 'jdbc':
      return [store.kind, store.url]
  }
}

/** Two configurations with the same text find the sessions of each other in their store. */
const whereKept = (app: App): string => {
  if (app.runtime === 'none') return app.runtime
  const { sessions } = app
  return JSON.stringify([
    app.runtime,
    sessions.store,
    'use' in sessions ? placeOf(sessions.use) : null,
    'keyPrefix' in sessions ? sessions.keyPrefix : null,
    'namespace' in sessions ? sessions.namespace : null,
    'directory' in sessions ? sessions.directory : null,
  ])
}

/** Whether servers of the new configuration look for sessions where those of the old one left them. */
export const keepsStore = (before: Upstream, after: Upstream): boolean =>
  keepingOf(before) === keepingOf(after) && whereKept(before.app) === whereKept(after.app)

/** Whether Tomcat writes the route of the server that took a session over into the session id. */
export const renewsRoute = ({ app }: Upstream): boolean =>
  app.runtime === 'tomcat' &&
  ['delta', 'backup', 'file', 'jdbc', 'memcached'].includes(app.sessions.store)

const minutes = 60_000

/** What each runtime does without a setting. */
const defaultLifetimes = {
  tomcat: 30 * minutes,
  spring: 30 * minutes,
  php: 24 * minutes,
  django: 14 * 24 * 60 * minutes,
} as const

/** Milliseconds after the last request until a session ends; null: the application is not known, or has none. */
export const sessionLifetime = ({ app }: Upstream): number | null => {
  if (app.runtime === 'none' || app.sessions.store === 'none') return null
  return lifetimeOf(app.sessions) ?? defaultLifetimes[app.runtime]
}

/** What happens to servers at one moment. */
export interface Losses {
  /** Addresses of servers whose processes ended: they died, were removed, or restarted. */
  readonly ended: ReadonlySet<string>
  /** Addresses of the servers that run before and after, in the order of the spec. */
  readonly remaining: readonly string[]
  /** The server that has the backup of a session, by the address of its own server. */
  readonly backups: ReadonlyMap<string, string>
}

/** Whether the server that gets the next request has the session, or fetches it. */
export const hasSession = (
  keeping: Keeping,
  /** Addresses: where the session is, and where the request goes. */
  home: string,
  next: string,
  { ended, remaining, backups }: Losses,
): boolean => {
  switch (keeping) {
    case 'none':
    case 'store':
    case 'client':
      return true
    case 'server':
      return next === home && !ended.has(home)
    case 'backup': {
      const backup = backups.get(home)
      return !ended.has(home) || (backup !== undefined && !ended.has(backup))
    }
    case 'all':
      return remaining.length > 0
  }
}
