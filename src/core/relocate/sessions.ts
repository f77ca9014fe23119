import type {
  DjangoSessions,
  FileSessions,
  JdbcSessions,
  LocalSessions,
  MemcachedSessions,
  NoSessions,
  PhpFiles,
  PhpMemcache,
  PhpMemcached,
  PhpRedis,
  PhpRedisCluster,
  PhpSessions,
  RedissonSessions,
  ReplicatedSessions,
  TomcatRedisSessions,
  TomcatSessions,
} from '../model/sessions.ts'
import type { Store } from '../model/store.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

/** Replaces a store by a store of the same kind. */
export type StoreMover = <Kind extends Store>(store: Kind | null) => Kind | null

/** @param moved returns a store of the same kind. */
export const storeMover =
  (moved: (store: Store) => Store): StoreMover =>
  <Kind extends Store>(store: Kind | null) =>
    store === null ? null : (moved(store) as Kind)

const replicated = (
  sessions: ReplicatedSessions,
  servers: number,
  places: Places,
): ReplicatedSessions => {
  const { membership, port } = places.replication(sessions, servers)
  return mapped<ReplicatedSessions>(sessions, {
    path: kept,
    lifetimeMs: kept,
    store: kept,
    membership: () => membership,
    port: () => port,
    encryptionKey: orNull(places.encryptionKey),
  })
}

/** An application without sessions has no address or file. */
export const without = (sessions: NoSessions): NoSessions =>
  mapped<NoSessions>(sessions, { path: kept, store: kept })

export const tomcatSessions = (
  sessions: TomcatSessions,
  servers: number,
  use: StoreMover,
  places: Places,
): TomcatSessions => {
  switch (sessions.store) {
    case 'none':
      return without(sessions)
    case 'local':
      return mapped<LocalSessions>(sessions, { path: kept, lifetimeMs: kept, store: kept })
    case 'file':
      return mapped<FileSessions>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        directory: places.sessionFolder,
        isShared: kept,
      })
    case 'jdbc':
      return mapped<JdbcSessions>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        use,
        isShared: kept,
      })
    case 'delta':
    case 'backup':
      return replicated(sessions, servers, places)
    case 'redisson':
      return mapped<RedissonSessions>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        use,
        readMode: kept,
        updateMode: kept,
        keyPrefix: kept,
        broadcasts: kept,
        version: kept,
      })
    case 'memcached':
      return mapped<MemcachedSessions>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        use,
        isSticky: kept,
        lockingMode: kept,
        transcoder: kept,
        keyPrefix: kept,
      })
    case 'tomcat-redis':
      return mapped<TomcatRedisSessions>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        use,
      })
  }
}

export const phpSessions = (
  sessions: PhpSessions,
  use: StoreMover,
  places: Places,
): PhpSessions => {
  const inStore = {
    path: kept,
    lifetimeMs: kept,
    store: kept,
    use,
    isLocking: kept,
    keyPrefix: kept,
    namespace: kept,
  }
  switch (sessions.store) {
    case 'none':
      return without(sessions)
    case 'files':
      return mapped<PhpFiles>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        directory: orNull(places.sessionFolder),
      })
    case 'redis':
      return mapped<PhpRedis>(sessions, inStore)
    case 'rediscluster':
      return mapped<PhpRedisCluster>(sessions, inStore)
    case 'memcached':
      return mapped<PhpMemcached>(sessions, inStore)
    case 'memcache':
      return mapped<PhpMemcache>(sessions, inStore)
  }
}

type DjangoFile = Extract<DjangoSessions, { store: 'file' }>
type DjangoCache = Extract<DjangoSessions, { store: 'cache' | 'cached_db' }>
type DjangoElsewhere = Extract<DjangoSessions, { store: 'db' | 'signed_cookies' }>

export const djangoSessions = (
  sessions: DjangoSessions,
  use: StoreMover,
  places: Places,
): DjangoSessions => {
  switch (sessions.store) {
    case 'none':
      return without(sessions)
    case 'file':
      return mapped<DjangoFile>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        directory: orNull(places.sessionFolder),
      })
    case 'cache':
    case 'cached_db':
      return mapped<DjangoCache>(sessions, {
        path: kept,
        lifetimeMs: kept,
        store: kept,
        use,
        keyPrefix: kept,
      })
    default:
      return mapped<DjangoElsewhere>(sessions, { path: kept, lifetimeMs: kept, store: kept })
  }
}
