import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { PhpApp } from '../../model/app.ts'
import type {
  PhpFiles,
  PhpMemcache,
  PhpMemcached,
  PhpRedis,
  PhpRedisCluster,
} from '../../model/sessions.ts'
import type { RedisStore } from '../../model/store.ts'
import type { Version } from '../../model/version.ts'
import { type RedisAbilities, redisLimits } from '../redis-limits.ts'
import { report } from './codes.ts'
import { extensionNotes, hasExtension5, needsExtension5 } from './redis-extension.ts'
import { clusterPath, memcachedPath, memcachePath, redisPath, type SavePath } from './save-path.ts'

export interface Setting {
  readonly key: string
  readonly value: string | number
}

/** For templates/php/sessions.hbs. */
export interface PhpView {
  readonly settings: readonly Setting[]
}

interface Viewed {
  readonly view: PhpView
  readonly diagnostics: readonly Diagnostic[]
}

type Given = readonly (readonly [key: string, value: string | number])[]

const viewed = (handler: string, path: SavePath | null, more: Given): Viewed => {
  const given: Given = [
    ['session.save_handler', handler],
    ...(path === null ? [] : [['session.save_path', path.text] as const]),
    ...more,
  ]
  return {
    view: { settings: given.map(([key, value]) => ({ key, value })) },
    diagnostics: path?.diagnostics ?? [],
  }
}

/** Half a minute of patience, as long as a request may take; a lock that nobody frees ends as well. */
const redisLocks: Given = [
  ['redis.session.locking_enabled', 1],
  ['redis.session.lock_expire', 30],
  ['redis.session.lock_wait_time', 20_000],
  ['redis.session.lock_retries', 1500],
]

const memcachedLocks: Given = [
  ['memcached.sess_locking', 1],
  ['memcached.sess_lock_wait_min', 20],
  ['memcached.sess_lock_wait_max', 150],
  ['memcached.sess_lock_retries', 200],
]

const inFiles = ({ directory, path }: PhpFiles): Viewed => {
  if (directory === null) return viewed('files', null, [])
  const problems = /\$\{|;/.test(directory)
    ? [
        report(
          'php-text',
          atValue([...path, 'directory']),
          `"${directory}" would not be read as it is`,
          'name a folder without a semicolon or a dollar with a brace',
        ),
      ]
    : []
  return viewed('files', { text: directory, diagnostics: problems }, [])
}

const remedies = {
  redis:
    'use store: rediscluster for Redis Cluster; behind sentinels name the address that follows the master',
  rediscluster: 'use store: redis for a single Redis',
}

/** A user without a password cannot log in. */
const uselessUser = (use: RedisStore): readonly Diagnostic[] =>
  use.username !== null && use.password === null
    ? [
        withoutEffect(
          [...use.path, 'username'],
          'PHP',
          'it logs in with a password, and there is none',
          'write password: { env: NAME }',
        ),
      ]
    : []

/** What the handler `store` of this PHP cannot do, or only with some releases of its extension. */
const limitsOf = (
  use: RedisStore,
  store: keyof typeof remedies,
  version: Version,
): readonly Diagnostic[] => {
  const isSingle = store === 'redis'
  const isModern = hasExtension5(version)
  const can: RedisAbilities = {
    modes: [isSingle ? 'single' : 'cluster'],
    username: isModern,
    tls: isModern,
    database: isSingle,
    sockets: isSingle,
  }
  const remedy = isModern ? remedies[store] : `${remedies[store]}; ${needsExtension5}`
  const client = `the ${store} handler of PHP${isModern ? '' : ` ${version.text}`}`
  return [...redisLimits(use, client, can, remedy), ...extensionNotes(use, version)]
}

const inRedis = ({ use, isLocking, keyPrefix }: PhpRedis, version: Version): Viewed | null => {
  if (use === null) return null
  const limits = limitsOf(use, 'redis', version)
  const result = viewed('redis', redisPath(use, keyPrefix), isLocking ? redisLocks : [])
  return { ...result, diagnostics: [...limits, ...uselessUser(use), ...result.diagnostics] }
}

const inCluster = (
  { use, isLocking, keyPrefix, path }: PhpRedisCluster,
  version: Version,
): Viewed | null => {
  if (use === null) return null
  const limits = limitsOf(use, 'rediscluster', version)
  const message = 'sessions in Redis Cluster are not locked'
  const help = 'of two parallel requests the last one wins; a single Redis can lock'
  const note = isLocking
    ? [report('php-cluster-locking', atValue([...path, 'store']), message, help)]
    : []
  const result = viewed('rediscluster', clusterPath(use, keyPrefix), [])
  return {
    ...result,
    diagnostics: [...limits, ...note, ...uselessUser(use), ...result.diagnostics],
  }
}

const inMemcached = ({ use, isLocking, keyPrefix }: PhpMemcached): Viewed | null =>
  use === null
    ? null
    : viewed('memcached', memcachedPath(use), [
        ...(isLocking ? memcachedLocks : [['memcached.sess_locking', 0] as const]),
        ...(keyPrefix === null ? [] : [['memcached.sess_prefix', `${keyPrefix}.`] as const]),
      ])

const inMemcache = ({ use, isLocking, keyPrefix, path }: PhpMemcache): Viewed | null => {
  if (use === null) return null
  const copies = use.servers.length
  const message = 'the memcache extension cannot do without locks'
  const help = 'leave locking out, or use store: memcached'
  const problems = isLocking
    ? []
    : [report('php-locking', atValue([...path, 'locking']), message, help)]
  const result = viewed('memcache', memcachePath(use), [
    ...(copies > 1 ? [['memcache.session_redundancy', 2] as const] : []),
    ...(keyPrefix === null
      ? []
      : // A dot in it would have PHP warn, and leave it out.
        [['memcache.session_prefix_static_key', `${keyPrefix}:`] as const]),
  ])
  return { ...result, diagnostics: [...problems, ...result.diagnostics] }
}

/** null: nothing is written, as there are no sessions, or an error has said that the store is missing. */
export const phpView = ({ sessions, version }: PhpApp): Viewed | null => {
  switch (sessions.store) {
    case 'none':
      return null
    case 'files':
      return inFiles(sessions)
    case 'redis':
      return inRedis(sessions, version)
    case 'rediscluster':
      return inCluster(sessions, version)
    case 'memcached':
      return inMemcached(sessions)
    case 'memcache':
      return inMemcache(sessions)
  }
}
