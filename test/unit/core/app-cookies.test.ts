import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

/** The spec of one application behind a proxy without TLS. */
const specOf = (app: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], clientAddress: { trust: [10.0.0.0/8] }, locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { app1: "10.0.0.1:8080", app2: "10.0.0.2:8080" }
    app: { ${app} }
stores: { store: { kind: redis, addresses: ["10.0.0.3:6379"] } }
`

const textOf = (app: string): string =>
  compileText(specOf(app))
    .artifacts.filter(({ dialect }) => dialect !== 'nginx')
    .map(({ text }) => text)
    .join('\n')

const saidOf = (app: string, codes: RegExp): readonly string[] =>
  compileText(specOf(app)).diagnostics.flatMap(({ code, message }) =>
    codes.test(code) ? [`${code}: ${message}`] : [],
  )

const runtimes = {
  tomcat: 'runtime: tomcat, version: "9.0.122", sessions: { store: local',
  spring: 'runtime: spring, version: "3.5", sessions: { store: spring-session, use: store',
  php: 'runtime: php, version: "8.3", sessions: { store: redis, use: store',
  django: 'runtime: django, version: "5.2", sessions: { store: cache, use: store',
}
type Runtime = keyof typeof runtimes

const appOf = (runtime: Runtime, cookie: string, lifetime = '8h'): string =>
  `${runtimes[runtime]}, lifetime: ${lifetime} }, cookie: { ${cookie} }`

const written: Readonly<Record<Runtime, Readonly<Record<string, string>>>> = {
  tomcat: {
    'name: SID': 'sessionCookieName="SID"',
    'path: /one': 'sessionCookiePath="/one"',
    'domain: example.com': 'sessionCookieDomain="example.com"',
    'sameSite: strict': 'sameSiteCookies="strict"',
    'secure: true': '<secure>true</secure>',
    'httpOnly: false': 'useHttpOnly="false"',
    '': '<session-timeout>480</session-timeout>',
  },
  spring: {
    'name: SID': 'server.servlet.session.cookie.name=SID',
    'path: /one': 'server.servlet.session.cookie.path=/one',
    'domain: example.com': 'server.servlet.session.cookie.domain=example.com',
    'sameSite: strict': 'server.servlet.session.cookie.same-site=strict',
    'secure: true': 'server.servlet.session.cookie.secure=true',
    'httpOnly: false': 'server.servlet.session.cookie.http-only=false',
    '': 'server.servlet.session.timeout=28800s',
  },
  php: {
    'name: SID': 'session.name = "SID"',
    'path: /one': 'session.cookie_path = "/one"',
    'domain: example.com': 'session.cookie_domain = "example.com"',
    'sameSite: strict': 'session.cookie_samesite = "Strict"',
    'secure: true': 'session.cookie_secure = 1',
    'httpOnly: false': 'session.cookie_httponly = 0',
    '': 'session.gc_maxlifetime = 28800',
  },
  django: {
    'name: SID': 'SESSION_COOKIE_NAME = "SID"',
    'path: /one': 'SESSION_COOKIE_PATH = "/one"',
    'domain: example.com': 'SESSION_COOKIE_DOMAIN = "example.com"',
    'sameSite: strict': 'SESSION_COOKIE_SAMESITE = "Strict"',
    'secure: true': 'SESSION_COOKIE_SECURE = True',
    'httpOnly: false': 'SESSION_COOKIE_HTTPONLY = False',
    '': 'SESSION_COOKIE_AGE = 28800',
  },
}

for (const runtime of Object.keys(runtimes) as Runtime[]) {
  test.each(Object.entries(written[runtime]))(
    `${runtime} with { %s } writes %s`,
    (cookie, line) => {
      expect(textOf(appOf(runtime, cookie))).toContain(line)
      if (cookie !== '') expect(textOf(appOf(runtime, ''))).not.toContain(line)
    },
  )
}

test('Tomcat counts whole minutes', () => {
  expect(textOf(appOf('tomcat', '', '90s'))).toContain('<session-timeout>2</session-timeout>')
  expect(saidOf(appOf('tomcat', '', '90s'), /field-not-followed/)).toEqual([
    'field-not-followed: "lifetime" is not followed in Tomcat: session-timeout counts whole minutes: 90s is written as 2',
  ])
})

test.each([
  ['php', 'name: shop.session', 1],
  ['php', 'name: "123"', 1],
  ['php', 'name: s123', 0],
  ['php', 'path: "/\\x24{HOME}"', 1],
  ['django', 'name: shop.session', 0],
] as const)('%s with %s', (runtime, cookie, count) => {
  expect(saidOf(appOf(runtime, cookie), /^php-cookie$/)).toHaveLength(count)
})

test.each([
  ['tomcat', 'sameSite: none', 0],
  ['spring', 'sameSite: none', 0],
  ['php', 'sameSite: none', 1],
  ['django', 'sameSite: none', 1],
  ['django', 'sameSite: none, secure: true', 0],
] as const)('browsers drop the cookie of %s with %s: %i warnings', (runtime, cookie, count) => {
  expect(saidOf(appOf(runtime, cookie), /^session-cookie-dropped$/)).toHaveLength(count)
})

test.each(['0s', '0d', '10000d', '-1s'])('a lifetime of %s is refused', (lifetime) => {
  expect(saidOf(appOf('php', '', lifetime), /^spec-/)).toHaveLength(1)
})
