import { vi } from 'vitest'
import { exampleRow, forgets, inTurn, outlives, pairRow, pinned, shared } from './app-rows.ts'
import { labTable } from './table.ts'

vi.setConfig({ testTimeout: 300_000 })

const login = 'username: shop, password: { env: REDIS_PASSWORD }'

labTable('Sessions of PHP', [
  exampleRow('php-redis', 'php', { expected: { ...shared, ...outlives, ...inTurn } }),
  exampleRow('php-memcached', 'php', { expected: { ...shared, ...forgets, ...inTurn } }),
  exampleRow('php-memcache', 'php', { expected: { ...shared, ...forgets } }),
  pairRow('php-redis-user', 'php', {
    sessions: '{ store: redis, use: store, keyPrefix: shop }',
    store: `{ kind: redis, addresses: ["10.0.0.5:6379"], database: 3, ${login} }`,
    expected: { ...pinned, ...inTurn },
  }),
  pairRow('php-rediscluster', 'php', {
    sessions: '{ store: rediscluster, use: store }',
    store: '{ kind: redis, mode: cluster, addresses: ["10.0.0.5:6379", "10.0.0.6:6379"] }',
    expected: { ...pinned, ...outlives },
  }),
  pairRow('php-memcached-two', 'php', {
    sessions: '{ store: memcached, use: store, keyPrefix: shop }',
    store: '{ kind: memcached, servers: { n1: "10.0.0.5:11211", n2: "10.0.0.6:11211" } }',
    expected: pinned,
  }),
  pairRow('php-memcache-two', 'php', {
    sessions: '{ store: memcache, use: store, keyPrefix: shop }',
    store: '{ kind: memcached, servers: { n1: "10.0.0.5:11211", n2: "10.0.0.6:11211" } }',
    expected: pinned,
  }),
  pairRow('php-files-shared', 'php', {
    sessions: '{ store: files, directory: /srv/sessions }',
    expected: { ...pinned, ...inTurn },
  }),
])
