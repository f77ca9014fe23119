import { vi } from 'vitest'
import { pairSpec } from '../support/lab.ts'
import { findServer } from '../support/servers.ts'
import { type BootLine, findBoot, findJava } from '../support/spring-boot.ts'
import { labTable, type Row } from './table.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')
const redis = findServer('redis', '7.0')
const postgres = findServer('postgresql', '15')
const initdb = findServer('initdb', '15')
const java = findJava()

interface Kept {
  readonly name: string
  readonly line: BootLine
  readonly kind: 'redis' | 'jdbc'
  /** The jars have more than is needed. */
  readonly hasBoth?: boolean
  readonly store: string
  readonly more?: string
  readonly about: string
}

const rowOf = ({ name, line, kind, hasBoth = false, store, more = '', about }: Kept): Row => {
  const boot = findBoot(line, kind, ...(hasBoth ? (['jdbc'] as const) : []))
  const version = 'missing' in boot ? '' : boot.version
  const [major, minor] = version.split('.')
  const sessions = `{ store: spring-session, use: store${more} }`
  return {
    name,
    spec: pairSpec({
      affinity: '{ method: sticky, by: cookie, cookie: srv_id }',
      app: `{ runtime: spring, version: "${major}.${minor}", sessions: ${sessions} }`,
      stores: `{ store: ${store} }`,
    }),
    needs: { nginx, java, boot, ...(kind === 'redis' ? { redis } : { postgres, initdb }) },
    about: `nginx 1.22.1, 2 × Spring Boot ${version}, ${about}`,
    expected: {
      sticky: { sticky: 1, kept: 1 },
      kill: { kept: 1 },
      // A pool of connections to a database finds out one by one that they are gone.
      ...(kind === 'redis' ? { store: { kept: 1 } } : {}),
    },
  }
}

const addresses = 'addresses: ["10.0.0.5:6379"]'
const password = 'password: { env: REDIS_PASSWORD }'

labTable('Spring Boot of each line: one of two servers dies, and Redis starts again', [
  rowOf({
    name: 'spring-2.7-redis',
    line: '2.7',
    kind: 'redis',
    store: `{ kind: redis, ${addresses}, ${password} }`,
    more: ', keyPrefix: shop',
    about: 'Redis',
  }),
  rowOf({
    name: 'spring-3-sentinel',
    line: '3',
    kind: 'redis',
    store: `{ kind: redis, mode: sentinel, master: shop, ${addresses}, password: { file: /run/secrets/redis } }`,
    about: 'Redis',
  }),
  rowOf({
    name: 'spring-4-redis',
    line: '4',
    kind: 'redis',
    hasBoth: true,
    store: `{ kind: redis, ${addresses}, username: shop, ${password}, database: 3 }`,
    more: ', keyPrefix: shop',
    about: 'Redis',
  }),
  rowOf({
    name: 'spring-3-jdbc',
    line: '3',
    kind: 'jdbc',
    store:
      '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop, password: { env: DB_PASSWORD } }',
    about: 'PostgreSQL',
  }),
])
