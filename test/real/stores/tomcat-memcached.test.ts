import { describe, expect, vi } from 'vitest'
import { findJars, findServer, findTomcat, withServers } from '../support/servers.ts'
import { startMemcached, startRedis } from './data-stores.ts'
import { expectKept, startPair } from './tomcat-pair.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const msm = 'de.javakaffee.msm'
const kryo = [
  `${msm}:msm-kryo-serializer:2.3.2`,
  'com.esotericsoftware:kryo:4.0.2',
  'de.javakaffee:kryo-serializers:0.45',
  'com.esotericsoftware:reflectasm:1.11.3',
  'com.esotericsoftware:minlog:1.3.0',
  'org.objenesis:objenesis:2.5.1',
  'org.ow2.asm:asm:5.0.4',
]

describe.each([
  ['7.0', 'tc7'],
  ['8.5', 'tc8'],
  ['9', 'tc9'],
])('Tomcat %s with memcached-session-manager', (version, module) => {
  const manager = [
    `${msm}:memcached-session-manager:2.3.2`,
    `${msm}:memcached-session-manager-${module}:2.3.2`,
  ]
  const memcached = findServer('memcached', '1.6')
  const tomcat = findTomcat(version)
  const needs = {
    tomcat,
    memcached,
    jars: findJars([...manager, 'net.spy:spymemcached:2.12.3', ...kryo]),
  }

  withServers(
    needs,
    'sticky: the session moves with its route',
    async ({ tomcat, memcached, jars }) => {
      const [one, two] = [await startMemcached(memcached), await startMemcached(memcached)]
      const servers = `{ n1: "127.0.0.1:${one.port}", n2: "127.0.0.1:${two.port}" }`
      const stores = `{ mc: { kind: memcached, servers: ${servers} } }`
      const sessions = '{ store: memcached, use: mc, transcoder: kryo }'
      const seen = await expectKept(await startPair({ tomcat, sessions, stores, jars }))
      expect(seen.session).toMatch(/-n[12]\.tomcat02$/)
      await Promise.all([one.stop(), two.stop()])
    },
  )

  withServers(
    needs,
    'non-sticky: any server knows the session',
    async ({ tomcat, memcached, jars }) => {
      const [one, two] = [await startMemcached(memcached), await startMemcached(memcached)]
      const servers = `{ n1: "127.0.0.1:${one.port}", n2: "127.0.0.1:${two.port}" }`
      const stores = `{ mc: { kind: memcached, servers: ${servers} } }`
      const sessions = '{ store: memcached, use: mc, sticky: false, lockingMode: auto }'
      const affinity = '{ method: none }'
      const seen = await expectKept(await startPair({ tomcat, sessions, stores, affinity, jars }))
      expect(seen.session).toMatch(/-n[12]$/)
      await Promise.all([one.stop(), two.stop()])
    },
  )

  const redisNeeds = {
    tomcat,
    redis: findServer('redis', '7.0'),
    jars: findJars([
      ...manager,
      'redis.clients:jedis:2.9.0',
      'org.apache.commons:commons-pool2:2.4.2',
    ]),
  }

  withServers(redisNeeds, 'the same in Redis', async ({ tomcat, redis, jars }) => {
    const store = await startRedis(redis, ['requirepass s3cr3t'])
    const addresses = `["127.0.0.1:${store.port}"], password: { env: REDIS_PASSWORD }`
    const stores = `{ redis: { kind: redis, addresses: ${addresses} } }`
    const sessions = '{ store: memcached, use: redis }'
    const env = { REDIS_PASSWORD: 's3cr3t' }
    const seen = await expectKept(await startPair({ tomcat, sessions, stores, jars, env }))
    expect(seen.session).toMatch(/\.tomcat02$/)
    await store.stop()
  })
})
