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
  // Each pair of a line, a release and a mode; the pair that is left is the next row.
  redisson('9', '3.39.0', 'single'),
  redisson('9', '4.7.0', 'sentinel'),
  redisson('9', '4.7.0', 'cluster'),
  redisson('10.1', '3.39.0', 'sentinel'),
  redisson('10.1', '3.39.0', 'cluster'),
  tomcatRow({
    line: '10.1',
    as: 'redisson-4.7.0-single-jvm_route',
    sessions: '{ store: redisson, use: redis, version: "4.7.0", keyPrefix: shop }',
    stores: redis.single,
    expected: { ...refreshes, ...kept },
    requests: 100,
  }),
])
