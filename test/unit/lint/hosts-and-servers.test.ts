import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { proxyNames, saidOf, saidWith, specOf, targetsFor } from './codes-of.ts'

describe.each(proxyNames)('host names in %s', (proxy) => {
  const ofNames = (serverNames: readonly string[], listen: readonly unknown[] = [80]) =>
    saidOf(specOf({ affinity: { method: 'none' } }, { serverNames, listen }, targetsFor(proxy)))

  test.each(['_', '__', '*', 'default_server', '_default_', 'any', 'DEFAULT'])(
    '"%s" does not match every host, and is reported once',
    (name) => {
      const errors = ofNames(['shop.example.com', name]).filter((each) => each.startsWith('error'))
      expect(errors).toEqual(['error server-name-catch-all'])
    },
  )

  test.each([
    [['localhost'], [80], true],
    [['127.0.0.1'], ['0.0.0.0:80'], true],
    [['[::1]'], ['[::]:80'], true],
    [['localhost', 'app.localhost'], ['10.0.0.9:80'], true],
    [['localhost'], ['127.0.0.1:80', '[::1]:80'], false],
    [['localhost', 'shop.example.com'], [80], false],
    [['*.example.com'], [80], false],
  ] as const)('%j on %j', (names, listen, isTold) => {
    const told = ofNames(names, listen).filter((each) => each.includes('server-name'))
    expect(told).toEqual(isTold ? ['warning server-name-local'] : [])
  })
})

test('the remedies work', () => {
  const spec = specOf({ affinity: { method: 'none' } }, { serverNames: ['_'] })
  const [found] = compileText(JSON.stringify(spec)).diagnostics
  expect(found?.help).toContain('leave serverNames out')
  expect(saidOf(specOf({ affinity: { method: 'none' } }))).toEqual([])
})

const php = { runtime: 'php', version: '8.2' }
const django = { runtime: 'django', version: '4.2' }
const tomcat = { runtime: 'tomcat', version: '9.0.122' }

test.each([
  ['unix:/run/php/php8.2-fpm.sock', php, true],
  ['unix:/var/run/php-fpm/www.sock', undefined, true],
  ['unix:/run/app.fcgi', undefined, true],
  ['10.0.0.3:9000', php, true],
  ['unix:/run/uwsgi/app/shop/socket', django, true],
  ['unix:/run/shop.uwsgi', undefined, true],
  ['10.0.0.3:3031', django, true],
  ['10.0.0.3:8009', tomcat, true],
  ['10.0.0.3:9000', undefined, false],
  ['10.0.0.3:9000', tomcat, false],
  ['10.0.0.3:8009', php, false],
  ['unix:/run/gunicorn.sock', django, false],
  ['10.0.0.3:8000', django, false],
])('a server at %s', (address, app, isTold) => {
  const servers = { a: '10.0.0.1:8080', b: { address } }
  const affinity = { method: 'sticky', by: 'cookie' }
  const spec = specOf({ servers, affinity, ...(app ? { app } : {}) })
  expect(saidWith(spec, ['server-not-http'])).toEqual(isTold ? ['warning server-not-http'] : [])
})

test.each([
  ['/store/', '/shop', true],
  ['= /login', '/shop', true],
  ['~ ^/store/.*\\.jsp$', '/shop', true],
  ['/shopping/', '/shop', true],
  ['^~ /sho/', '/shop', true],
  ['/', '/shop', false],
  ['/shop', '/shop', false],
  ['/shop/', '/shop', false],
  ['/shop/cart', '/shop', false],
  ['= /shop', '/shop', false],
  ['~ \\.jsp$', '/shop', false],
  ['~ ^/(shop|store)/', '/shop', false],
  ['~ ^/shops?/', '/shop', false],
  ['/store/', '/', false],
])('location %s before the context %s', (match, context, isTold) => {
  const locations = [{ match, upstream: 'shop' }]
  const spec = specOf(
    { affinity: { method: 'jvm_route' }, app: { ...tomcat, context } },
    { locations },
  )
  const expected = isTold ? ['warning location-without-context'] : []
  expect(saidWith(spec, ['location-without-context'])).toEqual(expected)
})

test('another upstream may name another context of the same Tomcats', () => {
  const affinity = { method: 'jvm_route' }
  const one = specOf({ affinity, app: { ...tomcat, context: '/shop' } })
  const locations = [{ match: '/store/', upstream: 'shop' }]
  const shop = { servers: { a: '10.0.0.1:8080', b: '10.0.0.2:8080' }, affinity }
  const spec = {
    ...one,
    frontends: { web: { listen: [80], locations } },
    upstreams: {
      shop: { ...shop, app: { ...tomcat, context: '/shop' } },
      store: { ...shop, app: { ...tomcat, context: '/store' } },
    },
  }
  expect(saidWith(spec, ['location-without-context'])).toEqual([])
})

describe('pinned requests and upstream_check', () => {
  const check = { interval: '3s', uri: '/health' }
  const said = (modules: readonly string[], affinity: object, upstream: object = { check }) =>
    saidWith(specOf({ affinity, ...upstream }, {}, { nginx: { version: '1.22.1', modules } }), [
      'nginx-check-pinned',
    ])
  const told = ['warning nginx-check-pinned']
  const byRoute = { method: 'jvm_route' }
  const byCookie = { method: 'sticky', by: 'cookie' }

  test.each([
    [['jvm_route', 'upstream_check'], byRoute, told],
    [['sticky-ng', 'upstream_check'], byCookie, told],
    [['jvm_route'], byRoute, []],
    [['upstream_check'], byRoute, []],
    [['session_sticky', 'upstream_check'], byCookie, []],
    [['jvm_route', 'upstream_check'], { method: 'none' }, []],
  ] as const)('%j with %j', (modules, affinity, expected) => {
    expect(said(modules, affinity)).toEqual(expected)
    expect(said(modules, affinity, {})).toEqual([])
  })
})

test('a backup with affinity', () => {
  const servers = {
    a: '10.0.0.1:80',
    b: '10.0.0.2:80',
    c: { address: '10.0.0.3:80', state: 'backup' },
  }
  const said = (affinity: object, targets: object) =>
    compileText(JSON.stringify(specOf({ servers, affinity }, {}, targets))).diagnostics.flatMap(
      ({ code, message }) => (code === 'backup-with-affinity' ? [message] : []),
    )
  const cookie = { method: 'sticky', by: 'cookie' }
  const three = Object.assign({}, ...proxyNames.map(targetsFor))
  const [both = ''] = said(cookie, three)
  expect(both).toContain('nginx moves clients away from "c"')
  expect(both).toContain('HAProxy and httpd')
  expect(said(cookie, targetsFor('haproxy'))[0]).not.toContain('nginx')
  expect(said({ method: 'none' }, three)).toEqual([])
})
