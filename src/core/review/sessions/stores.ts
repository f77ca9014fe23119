import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import { type App, hasSessions, storeOf } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sessionCookieOf } from '../../model/session-cookie.ts'
import { isReplicated } from '../../model/sessions.ts'
import type { Store } from '../../model/store.ts'
import { keepingOf } from '../../session-keeping.ts'
import type { Pair } from '../side.ts'

/** What makes sessions unreadable that exist before a change. */
export interface Loss {
  readonly code: string
  /** Of the sessions of the upstream, from 0 to 1. */
  readonly share: number
  /** One sentence that names both values. */
  readonly reason: string
  /** In the spec after the change. */
  readonly at: SpecPath
}

/** Which servers can read a session. */
export type Holder =
  /** The one that created it. */
  | 'server'
  | 'all'
  /** The application has no sessions. */
  | 'none'
  /** The spec does not say what runs on the servers. */
  | 'unknown'

export const holderOf = (upstream: Upstream): Holder => {
  if (upstream.app.runtime === 'none') return 'unknown'
  const keeping = keepingOf(upstream)
  return keeping === 'none' || keeping === 'server' ? keeping : 'all'
}

/** Whether sessions live in the memory of the servers, so that a restart of all at once ends them. */
export const isInMemory = (app: App): boolean =>
  app.runtime === 'tomcat' && isReplicated(app.sessions)

const placesOf = (store: Store): readonly string[] => {
  switch (store.kind) {
    case 'redis':
      return store.addresses.map((address) => formatAddress(address))
    case 'memcached':
      return store.servers.map(({ address }) => formatAddress(address))
    default:
      return [store.url]
  }
}

/** Its name with its kind, without logins. */
const titleOf = (store: Store): string => `${store.name} (${store.kind})`

const shared = (one: readonly string[], other: readonly string[]): number => {
  const all = new Set(one)
  return other.filter((item) => all.has(item)).length
}

type Found = Omit<Loss, 'at'> | null

/** A store with other data: another server, database or master. */
const otherPlace = ({ before, after }: Pair<Store>): Found => {
  const code = 'store-replaced'
  if (before.kind !== after.kind)
    return { code, share: 1, reason: `sessions move from ${titleOf(before)} to ${titleOf(after)}` }
  const [old, now] = [placesOf(before), placesOf(after)]
  const common = shared(old, now)
  if (before.kind === 'memcached') {
    const share = 1 - common / Math.max(old.length, now.length)
    const reason = `the memcached servers of store ${after.name} change, and sessions are distributed over them`
    return share === 0 ? null : { code, share, reason }
  }
  if (common === 0)
    return {
      code,
      share: 1,
      reason: `store ${after.name} is at another address, where the existing sessions are not`,
    }
  if (before.kind !== 'redis' || after.kind !== 'redis') return null
  if (before.database !== after.database)
    return {
      code,
      share: 1,
      reason: `store ${after.name} uses database ${after.database} instead of ${before.database}`,
    }
  return before.master === after.master
    ? null
    : { code, share: 1, reason: `store ${after.name} follows another master` }
}

/** Fields of `sessions` that are part of the keys of a store, or of the format of what it holds. */
const keyFields = [
  ['keyPrefix', 'store-keys', 'key prefix'],
  ['namespace', 'store-keys', 'namespace'],
  ['directory', 'store-keys', 'directory'],
  ['transcoder', 'store-format', 'serialization'],
  ['isSticky', 'store-format', 'mode of the memcached-session-manager (sticky)'],
] as const

const valueIn = (sessions: object, key: string): unknown => Reflect.get(sessions, key) ?? null

const shown = (value: unknown): string => (value === null ? 'none' : `"${String(value)}"`)

type Sessions = Exclude<App, { readonly runtime: 'none' }>['sessions']

const otherKeys = (before: Sessions, after: Sessions): Found => {
  for (const [key, code, title] of keyFields) {
    const [was, is] = [valueIn(before, key), valueIn(after, key)]
    if (was !== is)
      return {
        code,
        share: 1,
        reason: `the ${title} of the session store changes from ${shown(was)} to ${shown(is)}`,
      }
  }
  return null
}

/** Servers with another configuration of replication do not understand each other. */
const splitReplication = (before: Sessions, after: Sessions): Found => {
  const fields = ['membership', 'port', 'encryptionKey'] as const
  const [one, other] = [before, after].map((sessions) =>
    JSON.stringify(fields.map((key) => valueIn(sessions, key))),
  )
  return one === other || !['delta', 'backup'].includes(after.store)
    ? null
    : {
        code: 'replication-split',
        share: 1,
        reason:
          'servers that have the new replication settings and servers that have the old ones do not exchange sessions',
      }
}

const storeLoss = ({ before, after }: Pair<App>): Found => {
  if (before.runtime === 'none' || after.runtime === 'none') return null
  if (!hasSessions(before) || !hasSessions(after)) return null
  if (before.runtime !== after.runtime)
    return {
      code: 'runtime-replaced',
      share: 1,
      reason: `the servers run ${after.runtime} instead of ${before.runtime}`,
    }
  const [old, now] = [before.sessions, after.sessions]
  if (old.store !== now.store)
    return {
      code: 'store-replaced',
      share: 1,
      reason: `sessions move from store ${old.store} to store ${now.store}`,
    }
  const stores = { before: storeOf(before), after: storeOf(after) }
  const place =
    stores.before === null || stores.after === null
      ? null
      : otherPlace({ before: stores.before, after: stores.after })
  return place ?? otherKeys(old, now) ?? splitReplication(old, now)
}

/** The application looks for its session in another cookie. */
const cookieLoss = ({ before, after }: Pair<App>): Found => {
  const [was, is] = [sessionCookieOf(before), sessionCookieOf(after)]
  return was === null || is === null || was === is
    ? null
    : {
        code: 'session-cookie-renamed',
        share: 1,
        reason: `the application reads the session cookie ${is}, and browsers send ${was}`,
      }
}

/** What makes sessions unreadable whichever server gets the next request; the largest first. */
export const lossesOf = (apps: Pair<App>, path: SpecPath): readonly Loss[] => {
  const at = [...path, 'app']
  const [store, cookie] = [storeLoss(apps), cookieLoss(apps)]
  return [
    ...(store === null
      ? []
      : [{ ...store, at: store.code === 'runtime-replaced' ? at : [...at, 'sessions'] }]),
    ...(cookie === null ? [] : [{ ...cookie, at: [...at, 'cookie'] }]),
  ].sort((one, other) => other.share - one.share)
}
