import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { get } from '../support/http.ts'
import { run, startServer } from '../support/process.ts'
import { findServer, withServers } from '../support/servers.ts'
import { type Boot, findBoot, findJava } from '../support/spring-boot.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type AppServer, expectShared, writtenFor } from './app-pair.ts'
import { startPostgres, startRedis, startRedisCluster } from './data-stores.ts'
import { oddAsciiPassword, oddPassword, oddUserWith, redisWord } from './odd-user.ts'
import { redisSays } from './redis-says.ts'
import { patience } from './wait.ts'

vi.setConfig({ testTimeout: patience })

const source = fileURLToPath(new URL('../../../templates/lab/spring/Lab.java', import.meta.url))
const quick = ['-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData']

interface Application {
  readonly java: { readonly command: string }
  readonly boot: Boot
  /** The folder with additional properties. */
  readonly folder: string
}

/** Starts the lab's application with the generated properties. */
const applicationWith = async (
  { java, boot }: Pick<Application, 'java' | 'boot'>,
  sessions: string,
  stores: string,
): Promise<Application> => {
  const [major = '', minor = ''] = boot.version.split('.')
  const app = `{ runtime: spring, version: "${major}.${minor}", sessions: ${sessions} }`
  const written = writtenFor(app, stores)
  const folder = tempDir()
  const text = readFileSync(source, 'utf8')
  writeFileSync(
    join(folder, 'Lab.java'),
    major === '2' ? text.replaceAll('jakarta.servlet', 'javax.servlet') : text,
  )
  mkdirSync(join(folder, 'config'))
  writeFileSync(
    join(folder, 'config', 'application.properties'),
    readFileSync(join(written, 'application.properties')),
  )
  const compiler = ['--module', 'jdk.compiler/com.sun.tools.javac.Main', '-proc:none']
  const options = ['-d', folder, '-classpath', boot.files.join(':'), 'Lab.java']
  const done = await run([java.command, ...quick, ...compiler, ...options], folder, 120_000)
  if (done.exitCode !== 0) throw new Error(done.output)
  return { java, boot, folder }
}

/** Warnings and errors of Spring Boot, except about slow machines and missing DNS. */
const warningsOf = ({ running }: AppServer): readonly string[] =>
  running
    .output()
    .split('\n')
    .filter((line) => /\b(?:WARN|ERROR) \d+ --- /.test(line) && !/\btook\b|Dns/.test(line))

const start = async (
  { java, boot, folder }: Application,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<AppServer> => {
  const port = await freePort()
  const classPath = [folder, ...boot.files].join(':')
  const place = ['--server.address=127.0.0.1', `--server.port=${port}`]
  const args = ['-Djava.security.egd=file:/dev/urandom', '-classpath', classPath, 'lab.Lab']
  const running = await startServer([java.command, ...quick, ...args, ...place, ...more], {
    cwd: folder,
    ports: [port],
    isReady: (output) => /Started Lab in/.test(output),
    env,
    deadline: 120_000,
  })
  const server = { running, port }
  expect(warningsOf(server)).toEqual([])
  return server
}

const startBoth = (
  application: Application,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<readonly [AppServer, AppServer]> =>
  Promise.all([start(application, env, more), start(application, env, more)])

const java = findJava()
const redis = findServer('redis', '7.0')

for (const line of ['2.7', '3', '4'] as const) {
  describe(`Spring Boot ${line}`, () => {
    withServers(
      { java, redis, boot: findBoot(line, 'redis') },
      'stores sessions in Redis with a user, a database and a namespace',
      async (servers) => {
        const password = line === '2.7' ? oddAsciiPassword : oddPassword
        const store = await startRedis(servers.redis, oddUserWith(password))
        const login = 'username: shop, password: { env: REDIS_PASSWORD }, database: 3'
        const stores = `{ kind: redis, addresses: ["127.0.0.1:${store.port}"], ${login} }`
        const sessions = '{ store: spring-session, use: store, keyPrefix: shop }'
        const application = await applicationWith(servers, sessions, stores)
        const both = await startBoth(application, { REDIS_PASSWORD: password, LC_ALL: 'C.UTF-8' })
        const [first] = both

        const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' }
        const answer = await get(`http://127.0.0.1:${first.port}/`, { headers, timeout: 60_000 })
        expect(JSON.parse(answer.body)).toMatchObject({ count: 1, client: '203.0.113.9' })
        const [cookie] = answer.setCookies
        expect(cookie?.name).toBe('SESSION')
        expect([...(cookie?.attributes.keys() ?? [])]).toEqual(
          expect.arrayContaining(['secure', 'httponly']),
        )
        await expectShared(...both)

        const said = await redisSays(
          store.port,
          `AUTH shop ${redisWord(password)}\r\nSELECT 3\r\nKEYS *\r\nINFO keyspace`,
        )
        const keys = [...said.matchAll(/^\$\d+\r\n(\S*:sessions:\S+)\r$/gm)].map(([, key]) => key)
        expect(keys.length).toBeGreaterThan(0)
        for (const key of keys) expect(key).toMatch(/^spring:session:shop:sessions:/)
        expect(said).not.toMatch(/^db[^3]:/m)
        await store.stop()
      },
    )

    if (line !== '3')
      withServers(
        {
          java,
          postgres: findServer('postgresql', '15'),
          initdb: findServer('initdb', '15'),
          psql: findServer('psql', '15'),
          boot: findBoot(line, 'jdbc'),
        },
        'stores sessions in a database',
        async ({ java, boot, ...servers }) => {
          const store = await startPostgres(servers)
          const url = `jdbc:postgresql://127.0.0.1:${store.port}/sessions`
          const login = 'username: shop, password: { env: DB_PASSWORD }'
          const stores = `{ kind: jdbc, driver: org.postgresql.Driver, url: "${url}", ${login} }`
          const sessions = '{ store: spring-session, use: store }'
          const application = await applicationWith({ java, boot }, sessions, stores)
          const tables = ['--spring.session.jdbc.initialize-schema=always']
          await expectShared(...(await startBoth(application, { DB_PASSWORD: 's3cr3t' }, tables)))
          expect(await store.execute('select count(*) from spring_session')).toMatch(/^[1-9]/)
          await store.stop()
        },
      )
  })
}

withServers(
  { java, redis, boot: findBoot('4', 'redis') },
  'Spring Boot 4 stores sessions in a Redis Cluster',
  async (servers) => {
    const nodes = await startRedisCluster(servers.redis)
    const addresses = nodes.map(({ port }) => `"127.0.0.1:${port}"`).join(', ')
    const stores = `{ kind: redis, mode: cluster, addresses: [${addresses}] }`
    const sessions = '{ store: spring-session, use: store }'
    const application = await applicationWith(servers, sessions, stores)
    await expectShared(...(await startBoth(application, {})))
    for (const node of nodes) await node.stop()
  },
)
