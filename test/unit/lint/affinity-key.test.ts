import { describe, expect, test } from 'vitest'
import { families, knownVariables } from '../../../src/core/dialects/nginx/known-variables.ts'
import { kindOfVariable, type VariableKind } from '../../../src/core/model/variables.ts'
import { saidWith, specOf, targetsFor } from './codes-of.ts'

test('every variable of nginx has a kind', () => {
  const unsorted = [...knownVariables, ...families.map((family) => `${family}x`)].filter(
    (name) => kindOfVariable(name) === null,
  )
  expect(unsorted).toEqual([])
})

const changes = 'error affinity-key-changes'
const bySession = 'error hash-by-session-cookie'
const issued = 'warning affinity-key-issued'
const hops = 'warning affinity-key-hops'
const same = 'warning affinity-key-same'
const codes = [changes, bySession, issued, hops, same].map((each) => each.split(' ')[1] ?? '')

const php = { runtime: 'php', version: '8.2' }
const shared = { runtime: 'django', version: '4.2', sessions: { store: 'db' } }

const affinityOf = (key: string, app?: object) =>
  specOf({ affinity: { method: 'hash', key, consistent: true }, ...(app ? { app } : {}) })

/** What is said of a kind in a hash where nothing is known of the application. */
const ofKind: Readonly<Record<VariableKind, string | null>> = {
  client: null,
  site: null,
  page: null,
  same,
  request: changes,
  connection: changes,
  time: changes,
  response: changes,
  issued,
  hops,
}

test('each variable of nginx is reported by its kind, alone and after the address', () => {
  // userid's two belong together.
  const names = [...knownVariables].filter((name) => !name.startsWith('uid_'))
  const said = names.map((name) => [name, saidWith(affinityOf(`$${name}`), codes)])
  const expected = names.map((name) => {
    const kind = kindOfVariable(name)
    const one = kind === null ? null : ofKind[kind]
    return [name, one === null ? [] : [one]]
  })
  expect(said).toEqual(expected)
  const composed = names.map((name) => [
    name,
    saidWith(affinityOf(`$remote_addr\${${name}}`), codes),
  ])
  expect(composed).toEqual(
    expected.map(([name, found]) => [name, found?.includes(same) ? [] : found]),
  )
}, 60_000)

test.each([
  ['$request_id', changes],
  ['$msec', changes],
  ['$connection', changes],
  ['$remote_port', changes],
  ['$sent_http_x_server', changes],
  ['$upstream_http_x_server', changes],
  ['$upstream_cookie_route', changes],
  ['$http_x_request_id', changes],
  ['$http_traceparent', changes],
  ['$otel_trace_id', changes],
  ['$ssl_session_id', changes],
  ['$remote_addr$request_id', changes],
  ['$REQUEST_ID', changes],
  [`x-\${msec}-y`, changes],
  ['$http_mcp_session_id', issued],
  ['$arg_sid', issued],
  ['$arg_jsessionid', issued],
  ['$cookie_JSESSIONID', issued],
  ['$cookie_ASPSESSIONIDQQRAB', issued],
  ['$http_cookie', issued],
  ['$uid_got', issued],
  ['$http_x_auth_token', issued],
  ['$cookie_JSESSIONID$remote_addr', issued],
  ['$http_x_forwarded_for', hops],
  ['$proxy_add_x_forwarded_for', hops],
  ['$http_x_real_ip', hops],
  ['$http_forwarded', hops],
  ['$http_cf_connecting_ip', hops],
  ['$http_true_client_ip', hops],
  ['$server_addr:$server_port', same],
  ['constant', same],
  ['$remote_addr', null],
  ['$binary_remote_addr', null],
  ['$request_uri', null],
  ['$host$uri', null],
  ['$cookie_tenant', null],
  ['$arg_user', null],
  ['$http_x_tenant', null],
  ['$jwt_claim_sub', null],
  ['$ssl_client_s_dn', null],
  ['$uid_got$uid_set', null],
  ['$defined_elsewhere', null],
])('the key %s', (key, expected) => {
  expect(saidWith(affinityOf(key), codes)).toEqual(expected === null ? [] : [expected])
})

describe('an id that is created by the servers', () => {
  test.each([
    ['$cookie_PHPSESSID', php, [bySession]],
    ['$arg_sid', php, [bySession]],
    ['$cookie_sessionid', shared, []],
    ['$http_mcp_session_id', shared, []],
    [
      '$cookie_SHOPID',
      { runtime: 'tomcat', version: '9.0.122', cookie: { name: 'SHOPID' } },
      [bySession],
    ],
  ] as const)('%s', (key, app, expected) => {
    expect(saidWith(affinityOf(key, app), codes)).toEqual(expected)
    const byBalance = specOf({ balance: { hash: key }, app })
    expect(saidWith(byBalance, codes)).toEqual(expected)
  })
})

test('routes and learned sessions are not read from values that change', () => {
  const ofRoute = (from: readonly string[]) =>
    saidWith(specOf({ affinity: { method: 'sticky', by: 'route', from } }), codes)
  expect(ofRoute(['$cookie_route', '$request_id', '$upstream_addr'])).toEqual([changes, changes])
  expect(ofRoute(['$cookie_route', '$arg_route', '$http_x_route'])).toEqual([])
  const create = '$upstream_cookie_id'
  const ofLearn = (lookup: string) =>
    saidWith(specOf({ affinity: { method: 'sticky', by: 'learn', create, lookup } }), codes)
  expect(ofLearn('$remote_port')).toEqual([changes])
  expect(ofLearn('$cookie_id')).toEqual([])
})

test('a hash that only spreads load can change, unless sessions depend on it', () => {
  const balance = { hash: '$request_id' }
  const said = (app: object) =>
    saidWith(specOf({ balance, ...app }), [...codes, 'store-not-shared'])
  expect(said({})).toEqual([])
  expect(said({ app: php })).toEqual(['error store-not-shared'])
})

test('HAProxy has the same diagnostics', () => {
  const said = ['$http_x_forwarded_for', '$remote_port', '$cookie_JSESSIONID', '$remote_addr'].map(
    (key) => {
      const affinity = { method: 'hash', key, consistent: true }
      return saidWith(specOf({ affinity }, {}, targetsFor('haproxy')), codes)
    },
  )
  expect(said).toEqual([[hops], [changes], [issued], []])
})
