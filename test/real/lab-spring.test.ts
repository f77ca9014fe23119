import { expect, vi } from 'vitest'
import { only, pairSpec, resultOf, runLab, trialsOf } from './support/lab.ts'
import { findServer, withServers } from './support/servers.ts'
import { findBoot, findJava, libOf } from './support/spring-boot.ts'

vi.setConfig({ testTimeout: 400_000 })

const nginx = findServer('nginx', '1.22')
const redis = findServer('redis', '7.0')
const java = findJava()
const affinity = '{ method: sticky, by: cookie, cookie: srv_id }'
const few = ['--clients', '11', '--requests', '3']

const bootSpec = (version: string, stores: string, more = ''): string =>
  pairSpec({
    affinity,
    app: `{ runtime: spring, version: "${version}", sessions: { store: spring-session, use: store${more} } }`,
    stores: `{ store: ${stores} }`,
  })

const addresses = 'addresses: ["10.0.0.5:6379"]'
const single = `{ kind: redis, ${addresses}, password: { env: REDIS_PASSWORD } }`
const user = `{ kind: redis, ${addresses}, username: shop, password: { env: REDIS_PASSWORD }, database: 3 }`
const sentinel = `{ kind: redis, mode: sentinel, master: shop, ${addresses}, password: { file: /run/secrets/redis } }`
const database =
  '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop, password: { env: DB_PASSWORD } }'

withServers(
  {
    nginx,
    redis,
    java,
    boot2: findBoot('2.7', 'redis'),
    boot3: findBoot('3', 'redis'),
    boot4: findBoot('4', 'redis'),
  },
  'Spring Boot: sessions in Redis outlive a server, and Redis itself',
  async ({ nginx, redis, java, boot2, boot3, boot4 }) => {
    const specs = {
      single: bootSpec('2.7', single, ', keyPrefix: shop'),
      sentinel: bootSpec('3.5', sentinel),
      user: bootSpec('4.0', user, ', keyPrefix: shop'),
    }
    const folders = [boot2, boot3, boot4].flatMap((boot) => ['--spring-boot', libOf(boot)])
    const trials = await trialsOf({
      specs,
      programs: { nginx, redis },
      args: [
        ...['--compare', ...few, '--java', java.command],
        ...[...folders, ...only('sticky', 'kill', 'store')],
      ],
    })
    const stores = `Redis ${redis.version}`
    expect(trials.map(({ about, notes }) => ({ about, notes }))).toEqual([
      { about: `nginx 1.22.1, 2 × Spring Boot ${boot2.version}, ${stores}`, notes: [] },
      {
        about: `nginx 1.22.1, 2 × Spring Boot ${boot3.version}, ${stores}, ${stores} Sentinel`,
        notes: [],
      },
      { about: `nginx 1.22.1, 2 × Spring Boot ${boot4.version}, ${stores}`, notes: [] },
    ])
    for (const trial of trials) {
      expect(resultOf(trial, 'sticky').figures?.shares, trial.name).toMatchObject({ sticky: 1 })
      expect(resultOf(trial, 'kill').figures?.shares, trial.name).toMatchObject({ kept: 1 })
      expect(resultOf(trial, 'store').figures?.shares, trial.name).toMatchObject({ kept: 1 })
    }
  },
)

withServers(
  {
    nginx,
    java,
    postgres: findServer('postgresql', '15'),
    initdb: findServer('initdb', '15'),
    boot: findBoot('3', 'jdbc'),
  },
  'Spring Boot: sessions in a database outlive a server',
  async ({ boot, java, ...programs }) => {
    const args = ['--java', java.command, '--spring-boot', libOf(boot), ...few]
    const specs = { database: bootSpec('3.5', database) }
    const [trial] = await trialsOf({ specs, programs, args: [...args, ...only('kill')] })
    const notes = trial?.notes
    expect(notes).toEqual([])
    expect(resultOf(trial, 'kill').figures?.shares).toMatchObject({ kept: 1 })
  },
)

withServers(
  { nginx, redis, java, boot: findBoot('3', 'redis') },
  'what an application of Spring Boot lacks is named before anything starts',
  async ({ nginx, redis, java, boot }) => {
    const told = async (spec: string, ...args: readonly string[]) => {
      const programs = { nginx, redis }
      const options = ['--dry-run', '--java', java.command, ...args]
      const { exitCode, stdout, stderr } = await runLab({
        specs: { spec },
        programs,
        args: options,
      })
      return { exitCode, said: stdout + stderr }
    }
    const lib = libOf(boot)
    const inDatabase = await told(bootSpec('3.5', database), '--spring-boot', lib)
    expect(inDatabase.said).toContain('spring-session-jdbc is not among the jars: add ')
    expect(inDatabase.exitCode).toBe(3)

    const nowhere = await told(bootSpec('3.5', single), '--spring-boot', nginx.command)
    expect(nowhere.exitCode).toBe(3)

    const standsIn = await told(bootSpec('4.0', single), '--spring-boot', lib)
    expect(standsIn.said).toContain('built-in session server in place of Spring Boot 4.0')
    expect(standsIn.exitCode).toBe(0)

    const planned = await told(bootSpec('3.5', single), '--spring-boot', lib)
    expect(planned.said).toContain(`Spring Boot ${boot.version}`)
    expect(planned.exitCode).toBe(0)
  },
)
