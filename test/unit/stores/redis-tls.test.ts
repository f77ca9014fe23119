import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const compiled = (app: string, store: string) =>
  compileText(`version: 1
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

const textOf = (app: string, store: string): string =>
  compiled(app, store)
    .artifacts.map(({ text }) => text)
    .join('\n')

const errorsOf = (app: string, store: string): readonly string[] =>
  compiled(app, store).diagnostics.flatMap(({ severity, message }) =>
    severity === 'error' ? [message] : [],
  )

const php = (version: string): string =>
  `runtime: php, version: "${version}", sessions: { store: redis, use: store }`
const django = 'runtime: django, version: "5.2", sessions: { store: cache, use: store }'
const spring = (version: string, more = ''): string =>
  `runtime: spring, version: "${version}", sessions: { store: spring-session, use: store${more} }`
const tomcat = (store: string, version = '10.1.60', more = ''): string =>
  `runtime: tomcat, version: "${version}", sessions: { store: ${store}, use: store${more} }`

const files = 'tls: { ca: /etc/ssl/ca.pem, certificate: /etc/ssl/client.pem }'

test.each([
  [php('8.3'), files, ['tls://10.0.0.3:6379', 'stream[cafile]=%2Fetc%2Fssl%2Fca.pem']],
  [php('8.3'), files, ['stream[local_cert]=%2Fetc%2Fssl%2Fclient.pem']],
  [php('8.3'), 'tls: { serverName: redis.internal }', ['stream[peer_name]=redis.internal']],
  [django, files, ['"ssl_ca_certs": "/etc/ssl/ca.pem"', '"ssl_certfile": "/etc/ssl/client.pem"']],
  [django, files, ['"ssl_check_hostname": True', 'rediss://']],
  [spring('3.5'), files, ['spring.data.redis.ssl.bundle=sessions']],
  [
    spring('3.5'),
    files,
    ['spring.ssl.bundle.pem.sessions.truststore.certificate=file:/etc/ssl/ca.pem'],
  ],
  [
    spring('4.0'),
    files,
    ['spring.ssl.bundle.pem.sessions.keystore.private-key=file:/etc/ssl/client.pem'],
  ],
  [tomcat('redisson'), 'tls: { ca: /etc/ssl/ca.jks }', ['sslTruststore: "file:/etc/ssl/ca.jks"']],
] as const)('%s with %s writes %j', (app, store, lines) => {
  expect(errorsOf(app, store)).toEqual([])
  for (const line of lines) expect(textOf(app, store)).toContain(line)
})

test.each([
  [php('5.6'), files, ['the redis handler of PHP 5.6 does not support TLS']],
  [
    django,
    'tls: { serverName: redis.internal }',
    ['the RedisCache of Django has no setting for "serverName" of TLS'],
  ],
  [
    spring('3.0'),
    files,
    [
      'Spring Data Redis has no setting for "ca" of TLS',
      'Spring Data Redis has no setting for "certificate" of TLS',
    ],
  ],
  [
    tomcat('redisson'),
    files,
    [
      'Redisson has no setting for "certificate" of TLS',
      'Redisson reads "/etc/ssl/ca.pem" as a Java keystore, and it is not named .jks',
    ],
  ],
])('%s with %s is refused', (app, store, messages) => {
  expect([...errorsOf(app, store)].sort()).toEqual([...messages].sort())
})

const sentinel = 'mode: sentinel, master: shop, sentinelPassword: { env: SENTINEL_PASSWORD }'

test.each([
  [spring('3.5'), 'spring.data.redis.sentinel.password=$'],
  [spring('2.7'), 'spring.redis.sentinel.password=$'],
  [tomcat('redisson'), '  sentinelPassword: |2-\n    $'],
  [tomcat('redisson', '10.1.60', ', version: "4.0.0"'), '  sentinelPassword: |2-\n    $'],
])('%s writes the password of the sentinels', (app, line) => {
  expect(errorsOf(app, sentinel)).toEqual([])
  expect(textOf(app, sentinel)).toContain(`${line}{SENTINEL_PASSWORD}`)
})

test.each([
  [
    spring('3.5', ', namespace: "x:spring:session"'),
    'spring.session.redis.namespace=x:spring:session',
  ],
  [spring('3.5', ', keyPrefix: x'), 'spring.session.redis.namespace=spring:session:x'],
  [
    php('8.3').replace(' }', ', namespace: "x:PHPREDIS_SESSION:" }'),
    'prefix=x%3APHPREDIS_SESSION%3A',
  ],
])('%s writes the namespace', (app, line) => {
  expect(textOf(app, 'tls: false')).toContain(line)
})
