import { expect, vi } from 'vitest'
import { only, pairSpec, resultOf, trialsOf } from './support/lab.ts'
import { findJars, findServer, findTomcat, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')
const redis = findServer('redis', '7.0')
const memcached = findServer('memcached', '1.6')
const affinity = '{ method: sticky, by: cookie, cookie: srv_id }'
const few = ['--compare', '--clients', '11', '--requests', '3']
const secret = 'password: { env: REDIS_PASSWORD }'
const redisStore = `{ store: { kind: redis, addresses: ["10.0.0.5:6379"], ${secret} } }`

withServers(
  { nginx, redis, memcached, php: findServer('php', '8.2'), django: findServer('django', '4.2') },
  'PHP and Django: sessions outlive a server, and a store that writes them down',
  async ({ nginx, redis, memcached, php, django }) => {
    const app = (runtime: string, sessions: string) =>
      `{ runtime: ${runtime}, sessions: ${sessions} }`
    const specs = {
      php: pairSpec({
        affinity,
        app: app('php, version: "8.2"', '{ store: redis, use: store }'),
        stores: redisStore,
      }),
      django: pairSpec({
        affinity,
        app: app('django, version: "4.2"', '{ store: cached_db, use: store }'),
        stores: '{ store: { kind: memcached, servers: { n1: "10.0.0.6:11211" } } }',
      }),
    }
    const programs = { nginx, redis, memcached, php, python: django }
    const trials = await trialsOf({ specs, programs, args: [...few, ...only('kill', 'store')] })
    expect(trials.map(({ about }) => about)).toEqual([
      `nginx 1.22.1, 2 × PHP ${php.version}, Redis ${redis.version}`,
      `nginx 1.22.1, 2 × Django ${django.version}, memcached ${memcached.version}`,
    ])
    for (const trial of trials) {
      expect(resultOf(trial, 'kill').figures?.shares, trial.name).toMatchObject({ kept: 1 })
      expect(resultOf(trial, 'store').figures?.shares, trial.name).toMatchObject({ kept: 1 })
    }
  },
)

withServers(
  {
    nginx,
    redis,
    tomcat: findTomcat('10.1'),
    postgres: findServer('postgresql', '15'),
    initdb: findServer('initdb', '15'),
    jars: findJars([
      'org.redisson:redisson-all:3.39.0',
      'org.redisson:redisson-tomcat-10:3.39.0',
      'org.postgresql:postgresql:42.7.14',
    ]),
  },
  'Tomcat: sessions outlive a server with file, jdbc and redisson by a sentinel',
  async ({ jars, tomcat, ...servers }) => {
    const app = (sessions: string) =>
      `{ runtime: tomcat, version: "${tomcat.version}", sessions: ${sessions} }`
    const specs = {
      file: pairSpec({
        app: app('{ store: file, directory: /srv/sessions, sharedBetweenServers: true }'),
      }),
      jdbc: pairSpec({
        app: app('{ store: jdbc, use: store, sharedBetweenServers: true }'),
        stores:
          '{ store: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop, password: { env: DB_PASSWORD } } }',
      }),
      redisson: pairSpec({
        affinity,
        app: app('{ store: redisson, use: store, version: "3.39.0" }'),
        stores: `{ store: { kind: redis, mode: sentinel, master: shop, addresses: ["10.0.0.8:26379"], ${secret} } }`,
      }),
    }
    const [first = ''] = jars.files
    const libs = first.slice(0, first.lastIndexOf('/'))
    const args = [...few, '--libs', libs, ...only('kill')]
    const trials = await trialsOf({ specs, programs: { ...servers, tomcat }, args })
    expect(trials).toHaveLength(3)
    for (const trial of trials)
      expect(resultOf(trial, 'kill').figures?.shares, trial.name).toMatchObject({ kept: 1 })
  },
)
