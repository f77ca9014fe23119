import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Membership, ReadMode, Transcoder, UpdateMode } from '../spec/schema/app.ts'
import type { JdbcStore, MemcachedStore, RedisStore, Secret } from './store.ts'
import type { Version } from './version.ts'

/*
 * Where session data is stored. `store` is as in the spec; `use` is the entry of `stores`, null when the
 * name is unknown or of the wrong kind (an error is reported).
 */

interface Placed {
  /** Of the `sessions` key. */
  readonly path: SpecPath
}

interface Kept extends Placed {
  /** After the last request; null: the default of the runtime. */
  readonly lifetimeMs: number | null
}

/** The application has no sessions: no request depends on another. */
export interface NoSessions extends Placed {
  readonly store: 'none'
}

export interface LocalSessions extends Kept {
  readonly store: 'local'
}

export interface FileSessions extends Kept {
  readonly store: 'file'
  readonly directory: string
  /** All servers read and write the same sessions. */
  readonly isShared: boolean
}

export interface JdbcSessions extends Kept {
  readonly store: 'jdbc'
  readonly use: JdbcStore | null
  readonly isShared: boolean
}

export interface ReplicatedSessions extends Kept {
  readonly store: 'delta' | 'backup'
  readonly membership: Membership
  readonly port: number
  readonly encryptionKey: Secret | null
}

export interface RedissonSessions extends Kept {
  readonly store: 'redisson'
  readonly use: RedisStore | null
  /** null: not set; REDIS in a new file. */
  readonly readMode: ReadMode | null
  /** null: not set; DEFAULT in a new file. */
  readonly updateMode: UpdateMode | null
  readonly keyPrefix: string | null
  /** The session listeners of all servers are called for new and ended sessions. */
  readonly broadcasts: boolean
  /** The release of Redisson; null: the default of sessctl. */
  readonly version: Version | null
}

export interface MemcachedSessions extends Kept {
  readonly store: 'memcached'
  readonly use: MemcachedStore | RedisStore | null
  readonly isSticky: boolean
  /** `none`, `all`, `auto` or `uriPattern:REGEX`; null: not set. */
  readonly lockingMode: string | null
  readonly transcoder: Transcoder
  readonly keyPrefix: string | null
}

export interface TomcatRedisSessions extends Kept {
  readonly store: 'tomcat-redis'
  readonly use: RedisStore | null
}

export type TomcatSessions =
  | NoSessions
  | LocalSessions
  | FileSessions
  | JdbcSessions
  | ReplicatedSessions
  | RedissonSessions
  | MemcachedSessions
  | TomcatRedisSessions

/** The time after the last request after which a session ends; null: the default of the runtime. */
export const lifetimeOf = (
  sessions: TomcatSessions | SpringSessions | PhpSessions | DjangoSessions,
): number | null => (sessions.store === 'none' ? null : sessions.lifetimeMs)

/** Whether servers copy sessions to each other. */
export const isReplicated = (sessions: TomcatSessions): sessions is ReplicatedSessions =>
  sessions.store === 'delta' || sessions.store === 'backup'

export interface SpringStore extends Kept {
  readonly store: 'spring-session'
  readonly use: RedisStore | JdbcStore | null
  readonly keyPrefix: string | null
  /** The beginning of all keys, as in an existing store; instead of keyPrefix. */
  readonly namespace: string | null
}

export type SpringSessions = SpringStore | NoSessions

interface PhpStore<Name extends string, Use> extends Kept {
  readonly store: Name
  readonly use: Use | null
  /** Parallel requests of a session wait for each other. */
  readonly isLocking: boolean
  readonly keyPrefix: string | null
  /** The beginning of all keys, as in an existing store; instead of keyPrefix. */
  readonly namespace: string | null
}

export interface PhpFiles extends Kept {
  readonly store: 'files'
  /** null: the default of the PHP build. */
  readonly directory: string | null
}
export type PhpRedis = PhpStore<'redis', RedisStore>
export type PhpRedisCluster = PhpStore<'rediscluster', RedisStore>
export type PhpMemcached = PhpStore<'memcached', MemcachedStore>
export type PhpMemcache = PhpStore<'memcache', MemcachedStore>

export type PhpSessions =
  | NoSessions
  | PhpFiles
  | PhpRedis
  | PhpRedisCluster
  | PhpMemcached
  | PhpMemcache

export type DjangoSessions =
  | NoSessions
  | (Kept & { readonly store: 'db' | 'signed_cookies' })
  | (Kept & { readonly store: 'file'; readonly directory: string | null })
  | (Kept & {
      readonly store: 'cache' | 'cached_db'
      readonly use: RedisStore | MemcachedStore | null
      readonly keyPrefix: string | null
    })
