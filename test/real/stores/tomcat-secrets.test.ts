import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { freePorts } from '../support/free-port.ts'
import { get } from '../support/http.ts'
import { findJars, findServer, findTomcat, type Tomcat, withServers } from '../support/servers.ts'
import { stageTomcat, startTomcat } from '../support/tomcat.ts'
import { startPostgres, startRedis } from './data-stores.ts'
import { oddPasswords, redisWord } from './odd-user.ts'
import { redisSays } from './redis-says.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

interface Wanted {
  readonly tomcat: Tomcat
  readonly jars: { readonly files: readonly string[] }
  readonly sessions: string
  /** The store, without its password. */
  readonly store: string
  readonly isFile: boolean
  /** Runs the generated SQL statements. */
  readonly prepare?: (sql: string) => Promise<void>
}

/** Starts a Tomcat with the secret, and sends two requests with one session. */
const countsWith = async (wanted: Wanted, secret: string): Promise<string> => {
  const { tomcat, jars, sessions, store, isFile } = wanted
  const [port = 0, shutdownPort = 0] = await freePorts(2)
  const password = isFile ? '{ file: conf/key.txt }' : '{ env: THE_SECRET }'
  const spec = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { t1: { address: "127.0.0.1:${port}", tomcat: { shutdownPort: ${shutdownPort} } } }
    app: { runtime: tomcat, version: "${tomcat.version}", sessions: ${sessions} }
stores: { store: { ${store}, password: ${password} } }
`
  const { artifacts } = compileText(spec)
  const table = artifacts.find(({ path }) => path.endsWith('.sql'))
  if (table !== undefined) await wanted.prepare?.(table.text)
  const base = stageTomcat(tomcat, { serverXml: '' })
  for (const { path, bytes } of artifacts.filter(({ path }) => path.startsWith('tomcat/t1/'))) {
    const file = join(base.dir, path.slice('tomcat/t1/'.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  mkdirSync(join(base.dir, 'lib'))
  for (const jar of jars.files) symlinkSync(jar, join(base.dir, 'lib', basename(jar)))
  writeFileSync(join(base.dir, 'conf', 'key.txt'), `${secret}\n`)
  const env = { LC_ALL: 'C.UTF-8', ...(isFile ? {} : { THE_SECRET: secret }) }
  const running = await startTomcat(base, [port], env)
  const cookies = new Map<string, string>()
  const url = `http://127.0.0.1:${port}/session.jsp`
  for (const count of [1, 2]) {
    const { body, status } = await get(url, { cookies, timeout: 60_000 })
    expect(status, `${secret}\n${running.output()}`).toBe(200)
    expect(body, `${secret}\n${running.output()}`).toMatch(new RegExp(`\\b${count}\\b`))
  }
  await running.stop()
  return running.output()
}

const msm = 'de.javakaffee.msm'
const kinds = [
  [
    '9',
    'memcached, use: store',
    [
      `${msm}:memcached-session-manager:2.3.2`,
      `${msm}:memcached-session-manager-tc9:2.3.2`,
      'redis.clients:jedis:2.9.0',
      'org.apache.commons:commons-pool2:2.4.2',
    ],
  ],
  [
    '9',
    'redisson, use: store, version: "3.39.0"',
    ['org.redisson:redisson-all:3.39.0', 'org.redisson:redisson-tomcat-9:3.39.0'],
  ],
  [
    '7.0',
    'tomcat-redis, use: store',
    [
      'com.bluejeans:tomcat-redis-session-manager:2.0.0',
      'redis.clients:jedis:2.5.2',
      'org.apache.commons:commons-pool2:2.2',
    ],
  ],
  [
    '10.1',
    'redisson, use: store, version: "4.7.0"',
    ['org.redisson:redisson-all:4.7.0', 'org.redisson:redisson-tomcat-10:3.52.0'],
  ],
] as const

describe.each(kinds)('Tomcat %s with %s', (line, sessions, coordinates) => {
  withServers(
    { tomcat: findTomcat(line), redis: findServer('redis', '7.0'), jars: findJars(coordinates) },
    'logs in to Redis with passwords of any characters',
    async ({ redis, ...found }) => {
      const passwords = oddPasswords.map((secret) => redisWord(`>${secret}`)).join(' ')
      const probe = 'user probe on nopass ~* &* +@all'
      const store = await startRedis(redis, [`user default on ${passwords} ~* &* +@all`, probe])
      const wanted = {
        ...found,
        sessions: `{ store: ${sessions} }`,
        store: `kind: redis, addresses: ["127.0.0.1:${store.port}"]`,
      }
      for (const [index, secret] of oddPasswords.entries()) {
        const output = await countsWith({ ...wanted, isFile: index === 0 }, secret)
        const keys = await redisSays(store.port, 'AUTH probe x\r\nDBSIZE\r\nFLUSHALL')
        expect(keys, `${secret}\n${output}`).toMatch(/^:[1-9]/m)
      }
      await store.stop()
    },
  )
})

withServers(
  {
    tomcat: findTomcat('9'),
    jars: findJars(['org.postgresql:postgresql:42.7.14']),
    postgres: findServer('postgresql', '15'),
    initdb: findServer('initdb', '15'),
    psql: findServer('psql', '15'),
  },
  'Tomcat 9 logs in to a database with passwords of any characters',
  async ({ tomcat, jars, ...servers }) => {
    const store = await startPostgres(servers)
    await store.execute('create role app superuser login')
    const wanted = {
      tomcat,
      jars,
      sessions: '{ store: jdbc, use: store, sharedBetweenServers: true }',
      store: `kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://127.0.0.1:${store.port}/sessions?ApplicationName=shop&sslmode=disable", username: app`,
    }
    for (const [index, secret] of oddPasswords.entries()) {
      await store.execute(`alter role app password '${secret.replaceAll("'", "''")}'`)
      const prepare = async (sql: string): Promise<void> => {
        await store.execute(`drop table if exists tomcat_sessions; ${sql}`)
      }
      const output = await countsWith({ ...wanted, prepare, isFile: index === 0 }, secret)
      const rows = await store.execute('select count(*) from tomcat_sessions')
      expect(rows, `${secret}\n${output}`).toMatch(/^[1-9]/)
    }
    await store.stop()
  },
)
