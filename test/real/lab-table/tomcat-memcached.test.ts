import { vi } from 'vitest'
import { labTable } from './table.ts'
import { kept, refreshes, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const memcached =
  '{ mc: { kind: memcached, servers: { n1: "10.0.0.5:11211", n2: "10.0.0.6:11211" } } }'
const redis =
  '{ redis: { kind: redis, addresses: ["10.0.0.5:6379"], password: { env: REDIS_PASSWORD } } }'

labTable('Sessions of Tomcats with memcached-session-manager', [
  // Tomcat 8.5 without sticky sessions and Tomcat 9 with them are examples.
  tomcatRow({
    line: '7.0',
    as: 'sticky-kryo',
    sessions: '{ store: memcached, use: mc, transcoder: kryo }',
    stores: memcached,
    expected: kept,
  }),
  ...(['7.0', '9'] as const).flatMap((line) => [
    tomcatRow({
      line,
      as: 'nonsticky',
      sessions: '{ store: memcached, use: mc, sticky: false, lockingMode: auto }',
      stores: memcached,
      affinity: '{ method: none }',
      expected: kept,
    }),
    tomcatRow({
      line,
      as: 'sticky-redis',
      sessions: '{ store: memcached, use: redis }',
      stores: redis,
      expected: kept,
    }),
  ]),
  tomcatRow({
    line: '8.5',
    as: 'sticky-redis-kryo',
    sessions: '{ store: memcached, use: redis, transcoder: kryo }',
    stores: redis,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
])
