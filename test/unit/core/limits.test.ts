import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const nginx = 'nginx: { version: "1.26.3" }'
const haproxy = 'haproxy: { version: "3.0" }'
const httpd = 'httpd: { version: "2.4" }'

const compiled = (target: string, limits: string, locations = '{ match: /, upstream: app }') =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends:
  web: { listen: [80], serverNames: [shop.example.com], limits: ${limits}, locations: [${locations}] }
upstreams:
  app: { servers: { app1: "10.0.0.1:8080" } }
`)

const linesOf = (target: string, limits: string, locations?: string): readonly string[] =>
  compiled(target, limits, locations)
    .artifacts.flatMap(({ text }) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) =>
      /^(limit_|stick-table|http-request (track|sc-inc|(deny|return).* sc))/.test(line),
    )

const errorsOf = (limits: string): readonly string[] =>
  compiled(nginx, limits).diagnostics.flatMap(({ severity, message }) =>
    severity === 'error' ? [message] : [],
  )

const zone = 'zone=shop-web-address'

describe('the smallest and the largest limits', () => {
  test.each([
    [
      '{ perAddress: { requests: 1/m, burst: 0 } }',
      [
        `limit_req_zone $binary_remote_addr ${zone}-requests:10m rate=1r/m;`,
        `limit_req ${zone}-requests;`,
        'limit_req_status 429;',
      ],
      [
        'stick-table type ipv6 size 100k expire 120000ms store gpc0_rate(60000ms)',
        'http-request track-sc0 src table web::per-address',
        'http-request deny deny_status 429 if { sc0_gpc0_rate ge 1 }',
        'http-request sc-inc-gpc0(0)',
      ],
    ],
    [
      '{ perAddress: { requests: 100000/s, burst: 0 } }',
      [
        `limit_req_zone $binary_remote_addr ${zone}-requests:10m rate=100000r/s;`,
        `limit_req ${zone}-requests;`,
        'limit_req_status 429;',
      ],
      [
        // HAProxy measures a period of at least 1 ms.
        'stick-table type ipv6 size 100k expire 60000ms store gpc0_rate(1ms)',
        'http-request track-sc0 src table web::per-address',
        'http-request deny deny_status 429 if { sc0_gpc0_rate ge 100 }',
        'http-request sc-inc-gpc0(0)',
      ],
    ],
    [
      '{ perAddress: { requests: 1/m, burst: 100000 }, status: 599 }',
      [
        `limit_req_zone $binary_remote_addr ${zone}-requests:10m rate=1r/m;`,
        `limit_req ${zone}-requests burst=100000 nodelay;`,
        'limit_req_status 599;',
      ],
      [
        'stick-table type ipv6 size 100k expire 12000120000ms store gpc0_rate(6000060000ms)',
        'http-request track-sc0 src table web::per-address',
        'http-request return status 599 if { sc0_gpc0_rate ge 100001 }',
        'http-request sc-inc-gpc0(0)',
      ],
    ],
    [
      '{ perAddress: { connections: 65535 }, status: 400 }',
      [
        'limit_conn_zone $binary_remote_addr zone=shop-web-address-connections:10m;',
        'limit_conn shop-web-address-connections 65535;',
        'limit_conn_status 400;',
      ],
      [
        'stick-table type ipv6 size 100k expire 60000ms store conn_cur',
        'http-request track-sc0 src table web::per-address',
        'http-request deny deny_status 400 if { sc0_conn_cur gt 65535 }',
      ],
    ],
  ])('%s', (limits, inNginx, inHaproxy) => {
    expect(linesOf(nginx, limits)).toEqual(inNginx)
    expect(linesOf(haproxy, limits)).toEqual(inHaproxy)
    expect(linesOf(httpd, limits)).toEqual([])
  })

  test.each([
    '{ perAddress: { requests: 0/s } }',
    '{ perAddress: { requests: 10/h } }',
    '{ perAddress: { requests: 1/m, burst: 100001 } }',
    '{ perAddress: { requests: 1/m, burst: -1 } }',
    '{ perAddress: { connections: 0 } }',
    '{ perAddress: { connections: 65536 } }',
    '{ perAddress: { connections: 1 }, status: 399 }',
    '{ perAddress: { connections: 1 }, status: 600 }',
    '{ perAddress: { burst: 5 } }',
    '{ perSession: { requests: 1/s } }',
    '{ status: 429 }',
    'true',
  ])('%s is an error', (limits) => {
    expect(errorsOf(limits)).not.toEqual([])
  })
})

test('the default burst is the number of requests', () => {
  expect(linesOf(nginx, '{ perAddress: { requests: 30/m } }')).toContain(
    `limit_req ${zone}-requests burst=30 nodelay;`,
  )
})

test('a location with limits has counters of its own', () => {
  const own = '{ match: /login, upstream: app, limits: { perAddress: { requests: 2/s } } }'
  const lines = linesOf(
    nginx,
    '{ perAddress: { requests: 9/s } }',
    `{ match: /, upstream: app }, ${own}, { match: /free, upstream: app, limits: false }`,
  )
  expect(lines).toEqual([
    `limit_req_zone $binary_remote_addr ${zone}-requests:10m rate=9r/s;`,
    'limit_req_zone $binary_remote_addr zone=shop-web-2-address-requests:10m rate=2r/s;',
    // nginx cannot switch an inherited limit off: each location has its own.
    `limit_req ${zone}-requests burst=9 nodelay;`,
    'limit_req_status 429;',
    'limit_req zone=shop-web-2-address-requests burst=2 nodelay;',
    'limit_req_status 429;',
  ])
})

test.each([
  [
    '{ perAddress: { connections: 1, burst: 5 } }',
    '{ match: /, upstream: app }',
    'limits.perAddress.burst',
  ],
  ['false', '{ match: /, upstream: app }', 'limits'],
  ['{ perAddress: { connections: 1 } }', '{ match: /, respond: { body: ok } }', 'limits'],
])('%s with the locations %s has no effect, as reported', (limits, locations, place) => {
  const found = compiled(nginx, limits, locations).diagnostics.flatMap(({ code, location }) =>
    code === 'field-without-effect' ? [location.path] : [],
  )
  expect(found).toContain(`frontends.web.${place}`)
})

test('a limit per session that new cookies evade is reported, one with a limit per address is not', () => {
  const codesOf = (limits: string) => compiled(nginx, limits).diagnostics.map(({ code }) => code)
  const session = 'perSession: { cookie: SID, requests: 1/s }'
  expect(codesOf(`{ ${session} }`)).toContain('limit-evaded')
  expect(codesOf(`{ ${session}, perAddress: { connections: 9 } }`)).toContain('limit-evaded')
  expect(codesOf(`{ ${session}, perAddress: { requests: 9/s } }`)).not.toContain('limit-evaded')
})
