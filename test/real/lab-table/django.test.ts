import { vi } from 'vitest'
import { exampleRow, forgets, outlives, pairRow, pinned, shared } from './app-rows.ts'
import { labTable } from './table.ts'

vi.setConfig({ testTimeout: 300_000 })

const redis =
  '{ kind: redis, addresses: ["10.0.0.5:6379"], username: shop, password: { env: REDIS_PASSWORD }, database: 3 }'
const memcached = '{ kind: memcached, servers: { n1: "10.0.0.5:11211" } }'

labTable('Sessions of Django', [
  exampleRow('django-db', 'django', { expected: shared }),
  exampleRow('django-cache', 'django', { expected: { ...shared, ...outlives } }),
  exampleRow('django-cached_db', 'django', { expected: { ...shared, ...outlives } }),
  pairRow('django-cache-redis-user', 'django', {
    sessions: '{ store: cache, use: store, keyPrefix: shop }',
    store: redis,
    expected: pinned,
  }),
  pairRow('django-cache-memcached', 'django', {
    sessions: '{ store: cache, use: store }',
    store: memcached,
    expected: { ...pinned, ...forgets },
  }),
  // The database has what memcached forgets.
  pairRow('django-cached_db-memcached', 'django', {
    sessions: '{ store: cached_db, use: store }',
    store: memcached,
    expected: { ...pinned, ...outlives },
  }),
  pairRow('django-file', 'django', {
    sessions: '{ store: file, directory: /srv/sessions }',
    expected: pinned,
  }),
  pairRow('django-signed_cookies', 'django', {
    sessions: '{ store: signed_cookies }',
    expected: pinned,
  }),
])
