import { expect, vi } from 'vitest'
import { only, pairSpec, resultOf, trialsOf } from './support/lab.ts'
import { findJars, findServer, findTomcat, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')
const redis = findServer('redis', '7.0')
const affinity = '{ method: sticky, by: cookie, cookie: srv_id }'
const few = ['--compare', '--clients', '11', '--requests', '3']
const secret = 'password: { env: REDIS_PASSWORD }'

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
