import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { PhpApp } from '../../model/app.ts'
import { report } from './codes.ts'
import { cookieSettings } from './cookie.ts'
import { reportRedisClient } from './redis.ts'
import { clusterPath, memcachedPath, memcachePath, redisPath } from './save-path.ts'

type Setting = readonly [key: string, value: string | number]

/** For templates/php/sessions.hbs. */
export interface PhpView {
  readonly settings: readonly { readonly key: string; readonly value: string | number }[]
}

/** A request waits up to 30 s for a lock, and a lock expires after 30 s. */
const redisLocks: readonly Setting[] = [
  ['redis.session.locking_enabled', 1],
  ['redis.session.lock_expire', 30],
  ['redis.session.lock_wait_time', 20_000],
  ['redis.session.lock_retries', 1500],
]

const memcachedLocks: readonly Setting[] = [
  ['memcached.sess_locking', 1],
  ['memcached.sess_lock_wait_min', 20],
  ['memcached.sess_lock_wait_max', 150],
  ['memcached.sess_lock_retries', 200],
]

const settingOf = (key: string, value: string | null): readonly Setting[] =>
  value === null ? [] : [[key, value]]

/** @returns null: there are no sessions, or an error reports that the store is missing. */
const settingsOf = (
  { sessions, version }: PhpApp,
  findings: Findings,
): readonly Setting[] | null => {
  const at = (key: string) => atValue([...sessions.path, key])
  if (sessions.store === 'none') return null
  if (sessions.store === 'files') {
    const { directory } = sessions
    if (directory === null) return []
    if (/\$\{|;/.test(directory)) {
      const message = `PHP would change the path "${directory}"`
      const help = 'use a folder without ";" and "${" in its path'
      report(findings, 'php-text', at('directory'), message, help)
    }
    return [['session.save_path', directory]]
  }
  const { isLocking } = sessions
  const prefixWith = (separator: string): string | null =>
    sessions.namespace ?? (sessions.keyPrefix === null ? null : `${sessions.keyPrefix}${separator}`)
  if (sessions.use === null) return null
  switch (sessions.store) {
    case 'redis': {
      reportRedisClient(sessions.use, 'redis', version, findings)
      const path = redisPath(sessions.use, prefixWith(':'), findings)
      return [['session.save_path', path], ...(isLocking ? redisLocks : [])]
    }
    case 'rediscluster':
      reportRedisClient(sessions.use, 'rediscluster', version, findings)
      if (isLocking)
        report(
          findings,
          'php-cluster-locking',
          at('store'),
          'sessions in Redis Cluster are not locked: of two parallel requests, the last one overwrites the session',
          'only a single Redis supports locking',
        )
      return [['session.save_path', clusterPath(sessions.use, prefixWith(':'), findings)]]
    case 'memcached':
      return [
        ['session.save_path', memcachedPath(sessions.use, findings)],
        ...(isLocking ? memcachedLocks : [['memcached.sess_locking', 0] as const]),
        ...settingOf('memcached.sess_prefix', prefixWith('.')),
      ]
    case 'memcache':
      if (!isLocking)
        report(
          findings,
          'php-locking',
          at('locking'),
          'the memcache extension cannot disable locking',
          'remove locking, or use store: memcached',
        )
      return [
        ['session.save_path', memcachePath(sessions.use, findings)],
        ...(sessions.use.servers.length > 1 ? [['memcache.session_redundancy', 2] as const] : []),
        // PHP ignores a prefix that contains a dot.
        ...settingOf('memcache.session_prefix_static_key', prefixWith(':')),
      ]
  }
}

/** @returns null: nothing is written. */
export const phpView = (app: PhpApp, findings: Findings): PhpView | null => {
  const settings = settingsOf(app, findings)
  if (settings === null) return null
  const all: readonly Setting[] = [
    ['session.save_handler', app.sessions.store],
    ...settings,
    ...cookieSettings(app, findings),
  ]
  return { settings: all.map(([key, value]) => ({ key, value })) }
}
