import { describe, expect, test } from 'vitest'
import { proxyNames, saidWith, specOf, targetsFor } from './codes-of.ts'

const tomcat = { runtime: 'tomcat', version: '9.0.122' }
const stored = { store: 'spring-session', use: 'r' }
const apps = {
  tomcat,
  renamed: { ...tomcat, cookie: { name: 'SHOPID' } },
  spring: { runtime: 'spring', version: '3.5', sessions: stored },
  php: { runtime: 'php', version: '8.2' },
  django: { runtime: 'django', version: '4.2' },
} as const

type AppName = keyof typeof apps

const withApp = (app: AppName | null, affinity: object, proxy: (typeof proxyNames)[number]) => {
  const upstream = app === null ? { affinity } : { affinity, app: apps[app] }
  const stores = { r: { kind: 'redis', addresses: ['10.0.0.9:6379'] } }
  return { ...specOf(upstream, {}, targetsFor(proxy)), stores }
}

const clash = 'error affinity-cookie-clash'
const known = 'warning affinity-cookie-known'
const mismatch = 'error cookie-name-mismatch'
const unknown = 'warning cookie-name-unknown'
const route = 'error route-from-session-cookie'
const codes = [clash, known, mismatch, unknown, route].map((each) => each.split(' ')[1] ?? '')

/** What is said of an affinity cookie, whatever the proxy. */
const ofCookie: readonly (readonly [AppName | null, string, string | null])[] = [
  ['tomcat', 'JSESSIONID', clash],
  ['renamed', 'SHOPID', clash],
  ['renamed', 'JSESSIONID', known],
  ['spring', 'SESSION', clash],
  ['spring', 'JSESSIONID', clash],
  ['php', 'PHPSESSID', clash],
  ['django', 'sessionid', clash],
  ['php', 'JSESSIONID', known],
  [null, 'JSESSIONID', known],
  [null, 'SESSION', known],
  [null, 'PHPSESSID', known],
  [null, 'sessionid', known],
  [null, 'ASP.NET_SessionId', known],
  [null, '.AspNetCore.Session', known],
  [null, 'connect.sid', known],
  [null, 'laravel_session', known],
  [null, '_session_id', known],
  [null, '_shop_session', known],
  [null, 'ASPSESSIONIDQQRAB', known],
  [null, 'srv_id', null],
  [null, 'sticky_session', null],
  ['tomcat', 'srv_id', null],
  ['spring', 'srv_id', null],
  ['php', 'srv_id', null],
  ['django', 'srv_id', null],
]

describe.each(proxyNames)('an affinity cookie in %s', (proxy) => {
  test.each(ofCookie)('of %s, called %s', (app, cookie, expected) => {
    const spec = withApp(app, { method: 'sticky', by: 'cookie', cookie }, proxy)
    expect(saidWith(spec, codes)).toEqual(expected === null ? [] : [expected])
  })
})

test('nginx finds cookies in any case, HAProxy and httpd do not', () => {
  const said = proxyNames.map((proxy) => {
    const affinity = { method: 'sticky', by: 'cookie', cookie: 'phpsessid' }
    return saidWith(withApp('php', affinity, proxy), codes)
  })
  expect(said).toEqual([[clash], [known], [known]])
})

/** What is said where the proxy reads a session cookie. */
const ofReading: readonly (readonly [AppName, string, string | null])[] = [
  ['tomcat', 'JSESSIONID', null],
  ['tomcat', 'SHOPID', mismatch],
  ['renamed', 'SHOPID', null],
  ['renamed', 'JSESSIONID', mismatch],
  ['spring', 'SESSION', null],
  ['spring', 'JSESSIONID', mismatch],
  ['spring', 'SHOPID', unknown],
  ['php', 'PHPSESSID', null],
  ['php', 'JSESSIONID', mismatch],
  ['php', 'sessionid', mismatch],
  ['php', 'laravel_session', unknown],
  ['django', 'sessionid', null],
  ['django', 'JSESSIONID', mismatch],
  ['django', 'shop', unknown],
]

describe.each(ofReading)('with %s, reading %s', (app, name, expected) => {
  test.each(['nginx', 'haproxy'] as const)('learned by %s', (proxy) => {
    const create = `$upstream_cookie_${name}`
    const lookup = [`$cookie_${name}`, `$arg_${name}`]
    const spec = withApp(app, { method: 'sticky', by: 'learn', create, lookup }, proxy)
    const each = expected === null ? [] : [expected, expected]
    expect(saidWith(spec, codes)).toEqual(each)
  })

  test('as a prefix in HAProxy', () => {
    const affinity = { method: 'sticky', by: 'cookie', mode: 'prefix', cookie: name }
    const routed = { method: 'jvm_route', mode: 'prefix', cookie: name }
    const each = expected === null ? [] : [expected]
    expect(saidWith(withApp(app, affinity, 'haproxy'), codes)).toEqual(each)
    expect(saidWith(withApp(app, routed, 'haproxy'), codes)).toEqual(each)
  })
})

test.each([
  ['tomcat', 'JSESSIONID', [route]],
  ['renamed', 'SHOPID', [route]],
  ['renamed', 'JSESSIONID', []],
  ['spring', 'SESSION', [route]],
  ['php', 'PHPSESSID', [route]],
  ['django', 'sessionid', [route]],
  [null, 'jsessionid', [route]],
  [null, 'route', []],
] as const)('a route from the cookie of %s, %s', (app, name, expected) => {
  for (const proxy of proxyNames) {
    const affinity = { method: 'sticky', by: 'route', from: [`$cookie_${name}`] }
    expect(saidWith(withApp(app, affinity, proxy), codes)).toEqual(expected)
  }
})

test('jvm_route reads the cookie of the runtime where none is named', () => {
  const affinity = { method: 'jvm_route', mode: 'prefix' }
  for (const app of ['tomcat', 'renamed', 'spring', 'php', 'django'] as const)
    expect(saidWith(withApp(app, affinity, 'haproxy'), codes)).toEqual([])
})
