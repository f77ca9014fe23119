import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const learn =
  'affinity: { method: sticky, by: learn, create: $upstream_cookie_SID, lookup: $cookie_SID }'

const compiled = (target: string, upstream = learn, servers = 'n1: "10.0.0.1:8080"') =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: app }, { match: /status, status: app }] } }
upstreams:
  app:
    ${upstream}
    servers: { ${servers} }
`)

const textOf = (...parts: Parameters<typeof compiled>): string =>
  compiled(...parts)
    .artifacts.map(({ text }) => text)
    .join('\n')

const codesOf = (...parts: Parameters<typeof compiled>): readonly string[] =>
  compiled(...parts).diagnostics.map(({ code, location }) => `${code} ${location.path}`)

const haproxy = (more: string, version = '3.0'): string =>
  `haproxy: { version: "${version}", ${more} }`

test.each(['2.2', '2.6', '3.0'])(
  'HAProxy %s: one peer keeps learned sessions over a reload',
  (version) => {
    const target = haproxy('peers: { lb1: "127.0.0.1:10000" }', version)
    const text = textOf(target)
    expect(text).toContain('  localpeer lb1\n')
    expect(text).toContain('peers sessctl\n  peer lb1 127.0.0.1:10000\n')
    expect(text).toContain(' peers sessctl\n  stick on')
    expect(codesOf(target).join()).not.toContain('haproxy-learn')
  },
)

test('peers without learned sessions have no effect', () => {
  const target = haproxy('peers: { lb1: "127.0.0.1:10000" }')
  expect(codesOf(target, 'affinity: { method: none }')).toContain(
    'field-without-effect targets.haproxy.peers',
  )
  expect(textOf(target, 'affinity: { method: none }')).not.toContain('peer')
})

test.each([
  ['hash: "$6$abc$def/ghi"', "user admin password '$6$abc$def/ghi'"],
  ['password: { env: STATS_PASSWORD }', 'user admin insecure-password "$\u007bSTATS_PASSWORD}"'],
])('a login with %s', (password, line) => {
  const text = textOf(haproxy(`stats: { user: admin, ${password} }`))
  expect(text).toContain(line)
  expect(text).toContain('stats http-request auth realm Status unless { http_auth(sessctl) }')
})

test('a literal password is reported, and makes the file private', () => {
  expect(codesOf(haproxy('stats: { user: admin, password: "abc" }'))).toContain(
    'secret-literal targets.haproxy.stats.password',
  )
})

test('limits and modes of connections', () => {
  const text = textOf(
    haproxy('maxConnections: 2000'),
    'fullConns: 300\n    connections: { mode: close, reuse: always }',
    'n1: { address: "10.0.0.1:8080", minConns: 10, maxConns: 100 }',
  )
  for (const line of [
    '  maxconn 2000\n',
    '  option httpclose\n',
    '  http-reuse always\n',
    '  fullconn 300\n',
    ' minconn 10 maxconn 100',
  ])
    expect(text).toContain(line)
})

test.each(['nginx: { version: "1.30.6" }', 'httpd: { version: "2.4" }'])(
  '%s has no such limits and modes',
  (target) => {
    const codes = codesOf(
      target,
      'fullConns: 300\n    connections: { mode: close }',
      'n1: { address: "10.0.0.1:8080", minConns: 10, maxConns: 100 }',
    )
    for (const path of ['fullConns', 'connections', 'servers.n1.minConns'])
      expect(codes).toContain(`field-without-effect upstreams.app.${path}`)
  },
)
