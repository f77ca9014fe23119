import { expect } from 'vitest'
import { pairSpec, runLab } from './support/lab.ts'
import { findServer, withServers } from './support/servers.ts'
import { findBoot, findJava, libOf } from './support/spring-boot.ts'

const bootSpec = (version: string, store: string): string =>
  pairSpec({
    affinity: '{ method: sticky, by: cookie, cookie: srv_id }',
    app: `{ runtime: spring, version: "${version}", sessions: { store: spring-session, use: store } }`,
    stores: `{ store: ${store} }`,
  })

const inRedis = '{ kind: redis, addresses: ["10.0.0.5:6379"] }'
const inDatabase =
  '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop }'

withServers(
  {
    nginx: findServer('nginx', '1.22'),
    redis: findServer('redis', '7.0'),
    java: findJava(),
    boot: findBoot('3', 'redis'),
  },
  'reports what a Spring Boot application lacks before any server starts',
  async ({ nginx, redis, java, boot }) => {
    const told = async (spec: string, ...args: readonly string[]) => {
      const programs = { nginx, redis, java }
      const options = ['--dry-run', ...args]
      const { exitCode, stdout, stderr } = await runLab({
        specs: { spec },
        programs,
        args: options,
      })
      return { exitCode, said: stdout + stderr }
    }
    const lib = libOf(boot)
    const elsewhere = await told(bootSpec('3.5', inDatabase), '--spring-boot', lib)
    expect(elsewhere.said).toContain('the jar of spring-session-jdbc is missing: add ')
    expect(elsewhere.exitCode).toBe(3)

    const nowhere = await told(bootSpec('3.5', inRedis), '--spring-boot', nginx.command)
    expect(nowhere.exitCode).toBe(3)

    const standsIn = await told(bootSpec('4.0', inRedis), '--spring-boot', lib)
    expect(standsIn.said).toContain('built-in session server in place of Spring Boot 4.0')
    expect(standsIn.exitCode).toBe(0)

    const planned = await told(bootSpec('3.5', inRedis), '--spring-boot', lib)
    expect(planned.said).toContain(`Spring Boot ${boot.version}`)
    expect(planned.exitCode).toBe(0)
  },
)
