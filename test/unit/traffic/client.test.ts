import { describe, expect, test } from 'vitest'
import {
  afterResponse,
  type ClientState,
  newClientState,
  nextRequest,
} from '../../../src/core/traffic/client.ts'
import { cookiesFor, keepCookies } from '../../../src/core/traffic/cookies.ts'
import type { HttpResponse } from '../../../src/core/traffic/exchange.ts'
import {
  type Identification,
  readField,
  splitSessionId,
} from '../../../src/core/traffic/identity.ts'
import { observe } from '../../../src/core/traffic/observe.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import { sizeOf } from './sizes.ts'

const answer = (
  headers: Record<string, readonly string[]>,
  body = '',
  status = 200,
): HttpResponse => ({
  status,
  headers: new Map(Object.entries(headers)),
  body,
})

const identification: Identification = {
  server: null,
  session: { cookie: 'JSESSIONID', url: 'jsessionid', route: 'suffix' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  cookieNamesServer: true,
  serverNames: new Map([['t1', 'tomcat01']]),
  routes: null,
}

const place = {
  path: '/shop/cart?x=1',
  upgradePath: '/live/',
  host: '127.0.0.1',
  isTls: false,
  hasManyAddresses: true,
}

const requestOf = (name: string, client: number, nth: number, memory: ClientState) => {
  const behaviour = scenarios.find((one) => one.name === name)?.behaviour(sizeOf(9, 9))
  if (behaviour === undefined) throw new Error(name)
  return nextRequest(client, nth, memory, behaviour, identification, place)
}

describe('cookies', () => {
  const kept = (...headers: string[]) =>
    keepCookies([], headers, { host: 'shop.example.com', path: '/shop/cart' }, Date.UTC(2026, 0, 1))
  const sentTo = (path: string, ...headers: string[]) =>
    cookiesFor(kept(...headers), { host: 'shop.example.com', path, isTls: false }).map(
      ({ name, value }) => `${name}=${value}`,
    )

  test.each([
    ['a plain one', ['a=1'], '/shop/x', ['a=1']],
    ['its folder is the default', ['a=1'], '/other', []],
    ['a path', ['a=1; Path=/'], '/other', ['a=1']],
    ['a path is no prefix of a name', ['a=1; Path=/shop'], '/shopping', []],
    ['the last of a name counts', ['a=1; Path=/', 'a=2; Path=/'], '/', ['a=2']],
    ['expired', ['a=1; Path=/', 'a=; Path=/; Max-Age=0'], '/', []],
    ['expired by date', ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], '/', []],
    [
      'Max-Age goes before Expires',
      ['a=1; Path=/; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      '/',
      ['a=1'],
    ],
    ['of a parent domain', ['a=1; Path=/; Domain=.Example.com'], '/', ['a=1']],
    ['of somebody else', ['a=1; Path=/; Domain=ample.com'], '/', []],
    ['for TLS only', ['a=1; Path=/; Secure'], '/', []],
    ['the longest path first', ['a=1; Path=/', 'a=2; Path=/shop'], '/shop/x', ['a=2', 'a=1']],
    ['values may hold =', ['a=b=c==; Path=/'], '/', ['a=b=c==']],
    ['nonsense', ['=1', ';', 'novalue'], '/shop/x', []],
  ])('%s', (_, headers, path, sent) => {
    expect(sentTo(path, ...headers)).toEqual(sent)
  })
})

describe('what a client sends', () => {
  const given = afterResponse(
    newClientState,
    answer({ 'set-cookie': ['JSESSIONID=ABC.t1; Path=/shop; HttpOnly'] }),
    identification,
    place,
    0,
  )

  test('its cookies', () => {
    const sent = requestOf('sticky', 0, 1, given)
    expect(sent).toMatchObject({ path: '/shop/cart?x=1', headers: { Cookie: 'JSESSIONID=ABC.t1' } })
  })

  test('or its session in the URL, before the query', () => {
    const sent = requestOf('url', 0, 1, given)
    expect(sent.path).toBe('/shop/cart;jsessionid=ABC.t1?x=1')
    expect(sent.headers).toEqual({})
  })

  test('never characters that would end a request line', () => {
    const sent = requestOf('url', 0, 1, { jar: [], session: 'A B\r\nX: y' })
    expect(sent.path).toBe('/shop/cart?x=1')
  })

  test('addresses differ in the three numbers that ip_hash uses', () => {
    const networks = new Set(
      Array.from({ length: 1000 }, (_, client) =>
        requestOf('sticky', client, 0, newClientState)
          .localAddress?.split('.')
          .slice(0, 3)
          .join('.'),
      ),
    )
    expect(networks.size).toBe(1000)
  })

  test('one address for all clients behind a NAT, changing addresses behind a CDN', () => {
    const addresses = (name: string) =>
      new Set([0, 1, 2, 3, 4, 5].map((nth) => requestOf(name, 7, nth, newClientState).localAddress))
    expect([...addresses('nat')]).toEqual(['127.0.0.1'])
    expect(addresses('cdn').size).toBe(4)
    expect(requestOf('cdn', 7, 0, newClientState).headers).toEqual(
      requestOf('cdn', 7, 1, newClientState).headers,
    )
    expect(requestOf('cdn', 8, 0, newClientState).headers).not.toEqual(
      requestOf('cdn', 7, 0, newClientState).headers,
    )
  })
})

describe('the server of a response', () => {
  const seen = (given: Partial<Parameters<typeof observe>[0]>, by: Partial<Identification> = {}) =>
    observe(
      {
        client: 0,
        phase: 'before',
        atMs: 0,
        tookMs: 1,
        cookies: new Map(),
        urlSession: null,
        response: null,
        failure: null,
        upgrade: null,
        ...given,
      },
      { ...identification, ...by },
    )
  const setting = answer({ 'set-cookie': ['JSESSIONID=ABC.t1; Path=/'] })
  const holding = { cookies: new Map([['JSESSIONID', 'OLD.t2']]) }

  test('the route of the session cookie', () => {
    expect(seen({ response: setting, ...holding })).toMatchObject({
      server: 'tomcat01',
      session: 'ABC',
    })
  })
  test.each([
    ['of a server', 'ABC.t1', { value: 't1', isKnown: true }],
    ['of none', 'ABC.t9', { value: 't9', isKnown: false }],
    ['none at all', 'ABC', { value: '', isKnown: false }],
  ])('the route of the session: %s', (_, id, route) => {
    const given = answer({ 'set-cookie': [`JSESSIONID=${id}; Path=/`] })
    expect(seen({ response: given }, { routes: new Set(['t1']) })).toMatchObject({ route })
    expect(seen({ response: given })).toMatchObject({ route: null })
    // The client got its values before.
    const held = { answer: answer({}), cookies: new Map([['JSESSIONID', id]]) }
    expect(seen(held, { routes: new Set(['t1']) })).toMatchObject({ route: null })
  })
  test('no new session cookie means that the session is known', () => {
    expect(seen({ response: answer({}), ...holding })).toMatchObject({
      server: 't2',
      session: 'OLD',
    })
    expect(seen({ response: answer({}), urlSession: 'OLD.t2' })).toMatchObject({ server: 't2' })
  })
  test('no new session cookie shows nothing if sessions are shared', () => {
    expect(
      seen({ response: answer({}), ...holding }, { cookieNamesServer: false }).server,
    ).toBeNull()
  })
  test('no new session cookie shows nothing if the proxy may have responded', () => {
    for (const status of [403, 404, 429, 502])
      expect(seen({ response: answer({}, '', status), ...holding }).server).toBeNull()
    // But the value that identifies its server is from it.
    const refused = answer({ 'x-server': ['t1'] }, '', 403)
    const said = seen({ response: refused }, { server: { kind: 'header', name: 'x-server' } })
    expect(said.server).toBe('tomcat01')
  })
  test('no new session cookie shows nothing without a response', () => {
    expect(seen({ failure: 'ECONNREFUSED', ...holding })).toMatchObject({
      server: null,
      status: null,
      failure: 'ECONNREFUSED',
    })
  })
  test('a header', () => {
    const said = seen(
      { response: answer({ 'x-server': ['t1'] }) },
      { server: { kind: 'header', name: 'X-Server' } },
    )
    expect(said.server).toBe('tomcat01')
  })
  test('an affinity cookie, set or kept', () => {
    const server = { kind: 'cookie', name: 'SRV' } as const
    const cookies = new Map([['SRV', 't1']])
    expect(seen({ response: answer({}), cookies }, { server }).server).toBe('tomcat01')
    const set = answer({ 'set-cookie': ['SRV=t9'] })
    expect(seen({ response: set, cookies }, { server }).server).toBe('t9')
  })
  test('a word of the body, and a count', () => {
    const body = '{"name":"t1","count":12}'
    const said = seen(
      { response: answer({}, body) },
      { server: { kind: 'json', name: 'name' }, count: { kind: 'json', name: 'count' } },
    )
    expect(said).toMatchObject({ server: 'tomcat01', count: 12 })
  })
  test.each([
    ['no number', '{"count":"many"}'],
    ['not there', '{}'],
    ['null', '{"count":null}'],
    ['negative', '{"count":-1}'],
    ['too long for one', `{"count":${'9'.repeat(30)}}`],
  ])('an invalid count: %s', (_, body) => {
    expect(
      seen({ response: answer({}, body) }, { count: { kind: 'json', name: 'count' } }).count,
    ).toBeNull()
  })
  test('a pattern: its group, or the whole match', () => {
    expect(
      readField({ kind: 'body', pattern: /served by (\w+)/ }, answer({}, 'served by a1')),
    ).toBe('a1')
    expect(readField({ kind: 'body', pattern: /node-\d/ }, answer({}, 'on node-7'))).toBe('node-7')
  })
})

test.each([
  ['ABC.t1', 'suffix', { id: 'ABC', route: 't1' }],
  ['A.B.t1', 'suffix', { id: 'A.B', route: 't1' }],
  ['t1.ABC', 'prefix', { id: 'ABC', route: 't1' }],
  ['ABC', 'suffix', { id: 'ABC', route: null }],
  ['ABC.', 'suffix', { id: 'ABC', route: null }],
  ['ABC.t1', 'none', { id: 'ABC.t1', route: null }],
] as const)('%s by %s', (text, route, split) => {
  expect(splitSessionId(text, { ...identification.session, route })).toEqual(split)
})
