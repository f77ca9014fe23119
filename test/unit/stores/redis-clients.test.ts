import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

/** `CODE: MESSAGE` of what a client of Redis cannot do. */
const saidOf = (app: string, store: string): readonly string[] => {
  const { diagnostics } = compileText(`version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { app1: "10.0.0.1:8080", app2: "10.0.0.2:8080" }
    app: { ${app} }
stores: { store: { kind: redis, addresses: ["10.0.0.3:6379"], ${store} } }
`)
  return diagnostics
    .filter(({ code }) => /^(?:redis-option|php-redis-extension|spring-login-text)$/.test(code))
    .map(({ code, message }) => `${code}: ${message}`)
}

const note = (what: string, since: string): string =>
  `php-redis-extension: sessions with ${what} need the redis extension ${since} or later`
const user = 'username: shop, password: { env: REDIS_PASSWORD }'

test.each([
  ['8.2', 'rediscluster', 'mode: cluster, tls: true', []],
  ['8.0', 'redis', `${user}, tls: true`, []],
  ['7.4', 'rediscluster', 'mode: cluster', []],
  ['7.4', 'rediscluster', 'mode: cluster, tls: true', [note('TLS to a Redis Cluster', '5.3.2')]],
  ['7.4', 'redis', 'tls: true', [note('TLS', '5.1.0')]],
  ['7.0', 'redis', user, [note('a login with a username', '5.3.0')]],
  ['5.6', 'redis', '', []],
  [
    '5.6',
    'redis',
    `${user}, tls: true`,
    [
      'redis-option: the redis handler of PHP 5.6 sends a password without a user name',
      'redis-option: the redis handler of PHP 5.6 does not support TLS',
    ],
  ],
  [
    '5.6',
    'rediscluster',
    'mode: cluster, tls: true',
    ['redis-option: the rediscluster handler of PHP 5.6 does not support TLS'],
  ],
])('PHP %s, store %s, with %s', (version, store, redis, said) => {
  const app = `runtime: php, version: "${version}", sessions: { store: ${store}, use: store, locking: false }`
  expect([...saidOf(app, redis)].sort()).toEqual([...said].sort())
})

test.each([
  ['2.7', 'username: café', 1],
  ['3.4', 'username: shop, password: "pässword"', 1],
  ['3', 'username: "ש", password: "π"', 2],
  ['3.4', 'username: shop, password: "p@ss w%rd~"', 0],
  ['3.5', 'username: café, password: "pässword"', 0],
  ['4.0', 'username: café', 0],
])('Spring Boot %s with %s', (version, login, count) => {
  const app = `runtime: spring, version: "${version}", sessions: { store: spring-session, use: store }`
  expect(saidOf(app, login)).toHaveLength(count)
})
