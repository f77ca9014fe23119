import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { saidOf, specOf, targetsFor } from './codes-of.ts'

const tls = { address: 443, tls: { certificate: '/c.pem', key: '/k.pem' } }
const host = { serverNames: ['shop.example.com'] }
const byCookie = { method: 'sticky', by: 'cookie' }
const learn = (cookie: string) => ({
  method: 'sticky',
  by: 'learn',
  create: `$upstream_cookie_${cookie}`,
  lookup: `$cookie_${cookie}`,
})
const php = { runtime: 'php', version: '8.2' }
const tomcat = { runtime: 'tomcat', version: '9.0.122' }
const spring = {
  runtime: 'spring',
  version: '3.5',
  sessions: { store: 'spring-session', use: 'r' },
}
const stores = { r: { kind: 'redis', addresses: ['10.0.0.9:6379'] } }
const haproxy = targetsFor('haproxy')
const nginx = targetsFor('nginx')

type Case = readonly [code: string, words: string, bad: object, mended: object]

const of = (upstream: object, frontend: object = host, targets: object = nginx) => ({
  ...specOf(upstream, frontend, targets),
  stores,
})

/** A spec, words of the remedy, and the spec after it was followed. */
const cases: readonly Case[] = [
  [
    'affinity-cookie-clash',
    'srv_id',
    of({ affinity: { ...byCookie, cookie: 'PHPSESSID' }, app: php }),
    of({ affinity: { ...byCookie, cookie: 'srv_id' }, app: php }),
  ],
  [
    'affinity-cookie-known',
    'srv_id',
    of({ affinity: { ...byCookie, cookie: 'connect.sid' } }),
    of({ affinity: { ...byCookie, cookie: 'srv_id' } }),
  ],
  [
    'cookie-name-mismatch',
    'create: $upstream_cookie_SESSION',
    of({ affinity: learn('JSESSIONID'), app: spring }),
    of({ affinity: learn('SESSION'), app: spring }),
  ],
  [
    'cookie-name-unknown',
    'create: $upstream_cookie_PHPSESSID',
    of({ affinity: learn('SHOP'), app: php }),
    of({ affinity: learn('PHPSESSID'), app: php }),
  ],
  [
    'route-from-session-cookie',
    'method: jvm_route',
    of({ affinity: { method: 'sticky', by: 'route', from: ['$cookie_JSESSIONID'] }, app: tomcat }),
    of({ affinity: { method: 'jvm_route' }, app: tomcat }),
  ],
  [
    'affinity-key-changes',
    'by: cookie',
    of({ affinity: { method: 'hash', key: '$request_id', consistent: true } }),
    of({ affinity: { ...byCookie, cookie: 'srv_id' } }),
  ],
  [
    'hash-by-session-cookie',
    'method: jvm_route',
    of({ affinity: { method: 'hash', key: '$cookie_JSESSIONID', consistent: true }, app: tomcat }),
    of({ affinity: { method: 'jvm_route' }, app: tomcat }),
  ],
  [
    'affinity-key-issued',
    'by: cookie',
    of({ affinity: { method: 'hash', key: '$http_mcp_session_id', consistent: true } }),
    of({ affinity: { ...byCookie, cookie: 'srv_id' } }),
  ],
  [
    'affinity-key-hops',
    'key: $remote_addr',
    of({ affinity: { method: 'hash', key: '$http_x_forwarded_for', consistent: true } }),
    of(
      { affinity: { method: 'hash', key: '$remote_addr', consistent: true } },
      { ...host, clientAddress: { trust: ['10.0.0.0/8'], header: 'X-Forwarded-For' } },
    ),
  ],
  [
    'affinity-key-same',
    'by: cookie',
    of({ affinity: { method: 'hash', key: '$server_port', consistent: true } }),
    of({ affinity: { ...byCookie, cookie: 'srv_id' } }),
  ],
  [
    'cookie-lost',
    'leave domain out',
    of({ affinity: { ...byCookie, domain: 'example.org' } }),
    of({ affinity: byCookie }),
  ],
  [
    'cookie-lost',
    'secure: true',
    of({ affinity: { ...byCookie, cookie: '__Host-srv' } }, { ...host, listen: [tls] }),
    of(
      { affinity: { ...byCookie, cookie: '__Host-srv', secure: true } },
      { ...host, listen: [tls] },
    ),
  ],
  [
    'cookie-partly-lost',
    'path: /',
    of({ affinity: { ...byCookie, path: '/shop' } }),
    of({ affinity: { ...byCookie, path: '/' } }),
  ],
  [
    'affinity-cookie-dropped',
    'leave secure out',
    of({ affinity: { ...byCookie, secure: true } }, { ...host, listen: [80, tls] }),
    of({ affinity: byCookie }, { ...host, listen: [80, tls] }),
  ],
  [
    'server-name-catch-all',
    'leave serverNames out',
    of({ affinity: byCookie }, { serverNames: ['_'] }),
    of({ affinity: byCookie }, {}),
  ],
  [
    'server-name-local',
    'add the public name',
    of({ affinity: byCookie }, { serverNames: ['localhost'] }),
    of({ affinity: byCookie }, { serverNames: ['localhost', 'shop.example.com'] }),
  ],
  [
    'server-not-http',
    'protocol: fastcgi',
    of({ affinity: byCookie, app: php, servers: { a: 'unix:/run/fpm.sock', b: '10.0.0.2:80' } }),
    of({
      affinity: byCookie,
      app: php,
      protocol: 'fastcgi',
      servers: { a: 'unix:/run/fpm.sock', b: '10.0.0.2:80' },
    }),
  ],
  [
    'location-without-context',
    'match: /shop/',
    of(
      { affinity: { method: 'jvm_route' }, app: { ...tomcat, context: '/shop' } },
      { ...host, locations: [{ match: '/store/', upstream: 'shop' }] },
    ),
    of(
      { affinity: { method: 'jvm_route' }, app: { ...tomcat, context: '/shop' } },
      { ...host, locations: [{ match: '/shop/', upstream: 'shop' }] },
    ),
  ],
]

const problems = (spec: object): readonly string[] =>
  saidOf(spec).filter((each) => !each.startsWith('info'))

test.each(cases)('%s: %s', (code, words, bad, mended) => {
  const { diagnostics } = compileText(JSON.stringify(bad))
  const found = diagnostics.filter((each) => each.code === code)
  expect(found.length).toBeGreaterThan(0)
  expect(found.map(({ help }) => help).join()).toContain(words)
  expect(problems(mended)).toEqual([])
})

test('the remedies work for HAProxy', () => {
  const affinity = { method: 'hash', key: '$remote_port', consistent: true }
  expect(problems(of({ affinity }, host, haproxy))).toEqual(['error affinity-key-changes'])
  expect(problems(of({ affinity: byCookie }, host, haproxy))).toEqual([])
})
