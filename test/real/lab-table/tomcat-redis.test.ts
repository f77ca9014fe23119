import { vi } from 'vitest'
import { labTable } from './table.ts'
import { kept, refreshes, tomcatRow } from './tomcat-rows.ts'

vi.setConfig({ testTimeout: 300_000 })

const secret = 'password: { env: REDIS_PASSWORD }'
const redis = {
  single: `{ redis: { kind: redis, addresses: ["10.0.0.5:6379"], ${secret} } }`,
  sentinel: `{ redis: { kind: redis, mode: sentinel, master: shop, addresses: ["10.0.0.5:26379"], ${secret} } }`,
  cluster: `{ redis: { kind: redis, mode: cluster, addresses: ["10.0.0.5:6379", "10.0.0.6:6379", "10.0.0.7:6379"], ${secret} } }`,
}
const cookie = '{ method: sticky, by: cookie, cookie: srv_id }'

const redisson = (line: '9' | '10.1', release: '3.39.0' | '4.7.0', mode: keyof typeof redis) =>
  tomcatRow({
    line,
    as: `redisson-${release}-${mode}`,
    sessions: `{ store: redisson, use: redis, version: "${release}", keyPrefix: shop }`,
    stores: redis[mode],
    affinity: cookie,
    expected: kept,
  })

labTable('Sessions of Tomcats in Redis', [
  ...(['9', '10.1'] as const).flatMap((line) =>
    (['3.39.0', '4.7.0'] as const).flatMap((release) => [
      redisson(line, release, 'single'),
      redisson(line, release, 'sentinel'),
    ]),
  ),
  redisson('10.1', '3.39.0', 'cluster'),
  redisson('9', '4.7.0', 'cluster'),
  tomcatRow({
    line: '10.1',
    as: 'redisson-jvm_route',
    sessions: '{ store: redisson, use: redis }',
    stores: redis.single,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
  tomcatRow({
    line: '7.0',
    as: 'tomcat-redis',
    sessions: '{ store: tomcat-redis, use: redis }',
    stores: redis.single,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
])
