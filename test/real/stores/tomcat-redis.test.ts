import { describe, expect, vi } from 'vitest'
import { findJars, findServer, findTomcat, withServers } from '../support/servers.ts'
import { type RunningStore, startRedis, startSentinel } from './data-stores.ts'
import { expectKept, startPair } from './tomcat-pair.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const cookie = '{ method: sticky, by: cookie, cookie: srv_id }'
const redis = findServer('redis', '7.0')
const password = ['requirepass s3cr3t', 'masterauth s3cr3t']
const env = { REDIS_PASSWORD: 's3cr3t' }
const secret = 'password: { env: REDIS_PASSWORD }'

const single = ({ port }: RunningStore): string =>
  `{ redis: { kind: redis, addresses: ["127.0.0.1:${port}"], ${secret} } }`

/** Each line of Redisson with the jars that there are of it. */
const redissons = [
  ['9', '3.39.0', ['org.redisson:redisson-all:3.39.0', 'org.redisson:redisson-tomcat-9:3.39.0']],
  [
    '10.1',
    '3.39.0',
    ['org.redisson:redisson-all:3.39.0', 'org.redisson:redisson-tomcat-10:3.39.0'],
  ],
  // No repository here has a session manager of 4.x: that of 3.52 on the client of 4.7.
  ['9', '4.7.0', ['org.redisson:redisson-all:4.7.0', 'org.redisson:redisson-tomcat-9:3.52.0']],
  ['10.1', '4.7.0', ['org.redisson:redisson-all:4.7.0', 'org.redisson:redisson-tomcat-10:3.52.0']],
] as const

describe.each(redissons)('Tomcat %s with Redisson %s', (version, release, coordinates) => {
  const needs = { tomcat: findTomcat(version), redis, jars: findJars(coordinates) }
  const sessions = `{ store: redisson, use: redis, version: "${release}", keyPrefix: shop }`

  withServers(needs, 'a single Redis keeps the session', async ({ tomcat, redis, jars }) => {
    const store = await startRedis(redis, password)
    const stores = single(store)
    await expectKept(await startPair({ tomcat, sessions, stores, affinity: cookie, jars, env }))
    await store.stop()
  })

  withServers(needs, 'sentinels lead to the session', async ({ tomcat, redis, jars }) => {
    const master = await startRedis(redis, password)
    const sentinel = await startSentinel(redis, master.port, 's3cr3t')
    const addresses = `["127.0.0.1:${sentinel.port}"]`
    const stores = `{ redis: { kind: redis, mode: sentinel, master: mymaster, addresses: ${addresses}, ${secret} } }`
    const pair = await startPair({ tomcat, sessions, stores, affinity: cookie, jars, env })
    expect(pair.artifacts.get('tomcat/tomcat01/conf/redisson.yaml')).toContain('readMode: MASTER')
    await expectKept(pair)
    await sentinel.stop()
    await master.stop()
  })
})

describe('Tomcat 7.0 with tomcat-redis-session-manager', () => {
  const jars = findJars([
    'com.bluejeans:tomcat-redis-session-manager:2.0.0',
    'redis.clients:jedis:2.5.2',
    'org.apache.commons:commons-pool2:2.2',
  ])
  const needs = { tomcat: findTomcat('7.0'), redis, jars }

  withServers(needs, 'Redis keeps the session', async ({ tomcat, redis, jars }) => {
    const store = await startRedis(redis, password)
    const sessions = '{ store: tomcat-redis, use: redis }'
    const pair = await startPair({ tomcat, sessions, stores: single(store), jars, env })
    const seen = await expectKept(pair)
    // What the warning store-route-stays says: the id still names the server that died.
    expect(seen.session).toMatch(/\.tomcat01$/)
    await store.stop()
  })
})
