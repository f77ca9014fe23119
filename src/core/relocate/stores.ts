import type { JdbcStore, MemcachedStore, RedisStore, RedisTls, Store } from '../model/store.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

const redis = (store: RedisStore, places: Places): RedisStore =>
  mapped<RedisStore>(store, {
    kind: kept,
    name: kept,
    mode: kept,
    addresses: (addresses) => addresses.map(places.store),
    master: kept,
    username: kept,
    password: (written) =>
      written === null ? places.missingPassword() : places.storePassword(written),
    sentinelPassword: orNull(places.storePassword),
    tls: (written) =>
      places.hasRedisTls(written !== null) && written !== null
        ? mapped<RedisTls>(written, {
            ca: orNull(places.certificate),
            serverName: kept,
            certificate: orNull(places.certificate),
          })
        : null,
    database: kept,
    eviction: kept,
    path: kept,
  })

const memcached = (store: MemcachedStore, places: Places): MemcachedStore =>
  mapped<MemcachedStore>(store, {
    kind: kept,
    name: kept,
    servers: (servers) =>
      servers.map((server) => mapped(server, { name: kept, address: places.store })),
    path: kept,
  })

const jdbc = (store: JdbcStore, places: Places): JdbcStore =>
  mapped<JdbcStore>(store, {
    kind: kept,
    name: kept,
    driver: kept,
    url: () => places.jdbcUrl(store),
    username: kept,
    password: orNull(places.storePassword),
    path: kept,
  })

export const relocateStore = (store: Store, places: Places): Store => {
  switch (store.kind) {
    case 'redis':
      return redis(store, places)
    case 'memcached':
      return memcached(store, places)
    case 'jdbc':
      return jdbc(store, places)
  }
}
