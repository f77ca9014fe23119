import { describe, expect, test } from 'vitest'
import { haproxy, imported, serverXml, tomcat } from './support.ts'

const backend = (lines: string, before = ''): string =>
  `defaults\n  mode http\n${before}frontend web\n  bind :80\n  default_backend app\nbackend app\n${lines
    .split('; ')
    .map((line) => `  ${line}\n`)
    .join('')}`

const appOf = (text: string) => {
  const { reports, spec } = imported([haproxy(text)])
  expect(reports).toEqual([])
  return spec
}

const withApp = (app: object): unknown =>
  expect.objectContaining({ upstreams: { app: expect.objectContaining(app) } })

describe('the method of a backend', () => {
  test.each([
    ['balance leastconn', { balance: 'least_conn' }],
    ['balance random(2)', { balance: 'random' }],
    ['balance source; hash-type consistent sdbm avalanche', { affinity: { method: 'ip_hash' } }],
    ['balance source', { affinity: { method: 'hash', key: '$remote_addr' } }],
    ['balance url_param user', { affinity: { method: 'hash', key: '$arg_user' } }],
    ['balance hdr(X-User)', { affinity: { method: 'hash', key: '$http_x_user' } }],
    [
      'balance hash req.cook(JSESSIONID)',
      { affinity: { method: 'hash', key: '$cookie_JSESSIONID' } },
    ],
  ])('%s', (lines, app) => {
    expect(appOf(backend(`${lines}; server a 10.0.0.1:80`))).toEqual(withApp(app))
  })
})

describe('the affinity of a backend', () => {
  test.each([
    [
      'cookie SRV insert indirect nocache httponly maxidle 1h attr Max-Age=3600 attr SameSite=Lax; server a 10.0.0.1:80 cookie x',
      {
        method: 'sticky',
        by: 'cookie',
        cookie: 'SRV',
        expires: '3600s',
        httpOnly: true,
        sameSite: 'lax',
      },
    ],
    [
      'cookie SRV insert; server a 10.0.0.1:80 cookie x',
      { method: 'sticky', by: 'cookie', cookie: 'SRV', indirect: false, nocache: false },
    ],
    [
      'cookie JSESSIONID prefix; server a 10.0.0.1:80 cookie x',
      { method: 'jvm_route', mode: 'prefix' },
    ],
    [
      'stick-table type string len 52 size 10k expire 30m; stick on cookie(SID); stick store-response set-cookie(SID); server a 10.0.0.1:80',
      {
        method: 'sticky',
        by: 'learn',
        create: ['$upstream_cookie_SID'],
        lookup: ['$cookie_SID'],
        zone: '2560k',
        timeout: '30m',
      },
    ],
  ])('%s', (lines, affinity) => {
    expect(appOf(backend(lines))).toEqual(withApp({ affinity }))
  })

  test('one that a spec cannot say is left out at its line', () => {
    const { reports, spec } = imported([
      haproxy(
        backend('stick-table type ip size 1m; stick on src; server a 10.0.0.1:80') +
          'backend other\n  server b 10.0.0.2:80\n',
      ),
    ])
    expect(reports).toEqual([
      expect.stringMatching(/^haproxy\.cfg:[78] import-left-out: upstream "app"/),
    ])
    expect(spec).toMatchObject({ upstreams: { other: { servers: { b: '10.0.0.2:80' } } } })
  })
})

test('servers keep their names, weights, states and limits; other parameters stay in the file', () => {
  const text = backend(
    'cookie S insert; default-server check inter 5s; server one 10.0.0.1:80 cookie r1 weight 5; server two 10.0.0.2:80 cookie two backup track web/x; server off [::1]:80 cookie off disabled maxconn 9; server idle unix@/run/a.sock cookie idle weight 0',
  )
  expect(appOf(text)).toEqual(
    withApp({
      servers: {
        one: { address: '10.0.0.1:80', route: 'r1', weight: 5 },
        two: { address: '10.0.0.2:80', state: 'backup' },
        off: { address: '[::1]:80', maxConns: 9, state: 'down' },
        idle: { address: 'unix:/run/a.sock', state: 'drain' },
      },
    }),
  )
})

test('settings of the defaults apply, and sections without servers are skipped', () => {
  const text = `${backend('server a 10.0.0.1:80', '  balance leastconn\n')}listen stats\n  bind :9\n  stats enable\n`
  expect(appOf(text)).toEqual(withApp({ balance: 'least_conn', servers: { a: '10.0.0.1:80' } }))
})

test('a server.xml belongs to the server with its jvmRoute', () => {
  const text = backend(
    'cookie JSESSIONID prefix; server x 10.0.0.1:8080 cookie a; server y 10.0.0.2:8080 cookie b',
  )
  const { reports, spec } = imported([
    haproxy(text),
    ...tomcat('h1', serverXml('b')),
    ...tomcat('h2', serverXml('a')),
  ])
  expect(reports).toEqual([])
  expect(spec).toEqual(
    withApp({
      servers: {
        x: { address: '10.0.0.1:8080', route: 'a', tomcat: { base: 'h2/server.xml' } },
        y: { address: '10.0.0.2:8080', route: 'b', tomcat: { base: 'h1/server.xml' } },
      },
    }),
  )
})

test('the release is that of the host, else asked for', () => {
  const sources = [haproxy(backend('server a 10.0.0.1:80'))]
  expect(imported(sources, { haproxy: '2.8.5' }).text).toContain(
    'version: 2.8.5 # of the HAProxy on this host',
  )
  expect(imported(sources).text).toMatch(/version: .*# TODO: the release that "haproxy -v" prints/)
})

test('a file without backends is only named', () => {
  const { reports, spec } = imported([haproxy('defaults\n  mode http\n')])
  expect(reports).toEqual([
    'haproxy.cfg:1 import-left-out: there are no upstreams in the spec: this file has no backend with a server',
  ])
  expect(spec).toMatchObject({ targets: { haproxy: { base: 'haproxy.cfg' } }, upstreams: {} })
})

test('backends of conf.d are upstreams, too, and their file is the one that is written', () => {
  const main = 'defaults\n  mode http\nfrontend f\n  bind :80\n  default_backend shop\n'
  const shop = 'backend shop\n  server a 10.0.0.1:80\n  server b 10.0.0.2:80\n'
  const { reports, spec } = imported([haproxy(main, { 'shop.cfg': shop })])
  expect(reports.filter((each) => !each.includes('haproxy-'))).toEqual([])
  expect(spec).toMatchObject({
    targets: { haproxy: { base: 'haproxy.cfg' } },
    upstreams: { shop: { servers: { a: '10.0.0.1:80', b: '10.0.0.2:80' } } },
  })
})
