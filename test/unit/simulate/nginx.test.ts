import { expect, test } from 'vitest'
import { type Answer, emptyResponse, type Model, serve } from '../../../src/core/simulate/model.ts'
import type { Affinity } from '../../../src/core/simulate/nginx/affinity.ts'
import { consistentHash } from '../../../src/core/simulate/nginx/consistent-hash.ts'
import { hash } from '../../../src/core/simulate/nginx/hash.ts'
import { ipHash } from '../../../src/core/simulate/nginx/ip-hash.ts'
import { jvmRoute } from '../../../src/core/simulate/nginx/jvm-route.ts'
import { leastConnections } from '../../../src/core/simulate/nginx/least-connections.ts'
import { maps } from '../../../src/core/simulate/nginx/maps.ts'
import { methodOf } from '../../../src/core/simulate/nginx/method.ts'
import { nginxBlock, nginxMethod } from '../../../src/core/simulate/nginx/model.ts'
import { random, randomOfTwo } from '../../../src/core/simulate/nginx/random-servers.ts'
import { nextInTurn } from '../../../src/core/simulate/nginx/round-robin.ts'
import {
  cookieVariable,
  stickyCookie,
  stickyLearn,
  stickyRoute,
  upstreamCookie,
} from '../../../src/core/simulate/nginx/sticky.ts'
import { newIds, useridCookies, useridKey } from '../../../src/core/simulate/nginx/userid.ts'
import { clientAddress, type Request } from '../../../src/core/simulate/request.ts'
import {
  type SimulatedServer,
  simulatedServer,
  withoutServer,
  withServer,
  withState,
} from '../../../src/core/simulate/server.ts'
import { sessionRoutes } from '../../../src/core/simulate/session-id.ts'

const roundRobin = methodOf(nextInTurn)

/** Servers a, b, c … on 127.0.0.1:8081 …, with these weights. */
const weighted = (...weights: readonly number[]): readonly SimulatedServer[] =>
  weights.map((weight, index) => {
    const name = String.fromCharCode(97 + index)
    return simulatedServer(name, `127.0.0.1:${8081 + index}`, { weight, route: name })
  })

const request = (given: Partial<Request> & { readonly from?: string } = {}): Request => ({
  address: clientAddress(given.from ?? '127.0.0.1'),
  cookies: [],
  uri: '/',
  time: 0,
  ...given,
})

const cookies = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => ({ name, value }))

/** The servers of several requests, one letter each; `-` is a 502. */
const letters = <State, Served extends Answer>(
  model: Model<State, Served>,
  state: State,
  requests: readonly Request[],
): string => requests.map((each) => serve(model, state, each).server ?? '-').join('')

const times = (count: number, each: Request = request()): readonly Request[] =>
  Array.from({ length: count }, () => each)

const keyed = (request: Request): string => request.uri

test('smooth round robin spreads weights', () => {
  const model = nginxMethod(roundRobin)
  expect(letters(model, model.start(weighted(5, 1, 1)), times(7))).toBe('aabacaa')
  expect(letters(model, model.start(weighted(1, 1, 1)), times(7))).toBe('abcabca')
})

test.each([
  ['127.0.0.1', 'aca'],
  ['10.0.0.5', 'bab'],
  ['10.0.0.200', 'bab'],
  ['10.1.2.3', 'aba'],
  ['192.168.1.77', 'abc'],
  ['203.0.113.9', 'aaa'],
])('ip_hash sends %s to %s of two, three and four servers', (from, expected) => {
  const model = nginxMethod(ipHash)
  const chosen = [2, 3, 4].map((count) =>
    letters(model, model.start(weighted(...Array.from({ length: count }, () => 1))), [
      request({ from }),
    ]),
  )
  expect(chosen.join('')).toBe(expected)
})

test.each([
  ['a', 'bcd'],
  ['abc', 'aca'],
  ['user1', 'bab'],
  ['ABC123.node1', 'aba'],
])('hash sends "%s" to %s of two, three and four servers', (uri, expected) => {
  const model = nginxMethod(hash(keyed))
  const chosen = [2, 3, 4].map((count) =>
    letters(model, model.start(weighted(...Array.from({ length: count }, () => 1))), [
      request({ uri }),
    ]),
  )
  expect(chosen.join('')).toBe(expected)
})

test.each([
  ['a', 'b'],
  ['abc', 'b'],
  ['user1', 'a'],
  ['ABC123.node1', 'a'],
  ['/index.html', 'c'],
])('hash consistent sends "%s" to %s', (uri, expected) => {
  const model = nginxMethod(consistentHash(keyed))
  expect(letters(model, model.start(weighted(1, 1, 1)), [request({ uri })])).toBe(expected)
})

test('a hash without a key is round robin', () => {
  const none = (): string => ''
  for (const model of [nginxMethod(hash(none))])
    expect(letters(model, model.start(weighted(1, 1)), times(4))).toBe('abab')
  const model = nginxMethod(consistentHash(none))
  expect(letters(model, model.start(weighted(1, 1)), times(4))).toBe('abab')
})

const clients = Array.from({ length: 500 }, (_, index) =>
  request({ uri: `/${index}`, from: `10.${index % 250}.${index >> 2}.7` }),
)

const moved = <State, Served extends Answer>(
  model: Model<State, Served>,
  before: readonly SimulatedServer[],
  after: readonly SimulatedServer[],
): number => {
  const state = model.start(before)
  const one = letters(model, state, clients)
  const other = letters(model, model.after(state, { kind: 'reload', servers: after }), clients)
  return [...one].filter((server, index) => server !== other[index]).length / clients.length
}

test('a server added moves most clients of a hash, and a fourth of a consistent one', () => {
  const before = weighted(1, 1, 1)
  const after = weighted(1, 1, 1, 1)
  expect(moved(nginxMethod(hash(keyed)), before, after)).toBeGreaterThan(0.65)
  expect(moved(nginxMethod(ipHash), before, after)).toBeGreaterThan(0.65)
  expect(moved(nginxMethod(consistentHash(keyed)), before, after)).toBeLessThan(0.32)
})

test('"down" moves only the clients of that server, and deleting its line moves more', () => {
  const before = weighted(1, 1, 1)
  const model = nginxMethod(ipHash)
  const share = moved(model, before, withState(before, 'b', 'down'))
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.42)
  expect(moved(model, before, withoutServer(before, 'b'))).toBeGreaterThan(0.5)
})

test('a dead server is tried once for each fail_timeout', () => {
  const model = nginxMethod(roundRobin)
  const state = model.start(weighted(1, 1))
  model.after(state, { kind: 'dies', server: 'a' })
  const tried = [0, 1, 5, 10, 11, 12, 22].map(
    (time) =>
      times(4, request({ time })).filter((each) => serve(model, state, each).failed.length).length,
  )
  expect(tried).toEqual([1, 0, 0, 0, 1, 0, 1])
  model.after(state, { kind: 'returns', server: 'a' })
  expect(letters(model, state, times(8, request({ time: 40 })))).toContain('a')
})

test('nginx tries the only server of a block again and again', () => {
  const model = nginxMethod(roundRobin)
  const state = model.start(weighted(1))
  model.after(state, { kind: 'dies', server: 'a' })
  expect(times(3).map((each) => serve(model, state, each))).toMatchObject([
    { server: null, failed: ['a'] },
    { server: null, failed: ['a'] },
    { server: null, failed: ['a'] },
  ])
})

test('backup servers serve when no primary server may', () => {
  const servers = withServer(
    weighted(1, 1),
    simulatedServer('z', '127.0.0.1:9000', { state: 'backup' }),
  )
  const model = nginxMethod(roundRobin)
  const state = model.start(servers)
  for (const server of ['a', 'b']) model.after(state, { kind: 'dies', server })
  expect(letters(model, state, times(3))).toBe('zzz')
  expect(letters(model, state, times(1, request({ time: 20 })))).toBe('z')
})

test('least_conn counts requests that did not end', () => {
  const model = nginxMethod(leastConnections)
  const state = model.start(weighted(2, 1))
  const open = Array.from({ length: 6 }, () => model.begin(state, request()))
  expect(open.map(({ server }) => server).join('')).toBe('ababaa')
  for (const answer of open.filter(({ server }) => server === 'b'))
    model.end(state, answer, emptyResponse)
  expect(model.begin(state, request()).server).toBe('b')
})

test('max_conns sends further requests elsewhere, and to nobody when all are full', () => {
  const servers = weighted(1, 1).map((server) => ({ ...server, maxConns: 1 }))
  const model = nginxMethod(ipHash)
  const state = model.start(servers)
  const chosen = times(3).map((each) => model.begin(state, each).server)
  expect(chosen).toEqual(['a', 'b', null])
})

test.each([
  ['random', random, 0.6],
  // Of two servers that are idle, nginx takes the second.
  ['random two', randomOfTwo, 0.4 * 0.75],
] as const)('%s follows the weights, and repeats with its seed', (_, method, expected) => {
  const model = nginxMethod(method, { mostTries: 0, seed: 7 })
  const one = letters(model, model.start(weighted(3, 1, 1)), times(10_000))
  expect(letters(model, model.start(weighted(3, 1, 1)), times(10_000))).toBe(one)
  const share = [...one].filter((server) => server === 'a').length / one.length
  expect(Math.abs(share - expected)).toBeLessThan(0.02)
})

/** Round robin with an affinity. */
const sticky = <Memory>(affinity: Affinity<Memory>) => nginxBlock(roundRobin, affinity)

test('sticky cookie names the server in every response', () => {
  const model = sticky(stickyCookie('srv'))
  const plain = weighted(1, 1).map((server) => ({ ...server, route: '' }))
  const state = model.start(plain)
  const { setCookies } = serve(model, state, request())
  expect(setCookies).toEqual([{ name: 'srv', value: 'df2b80dc43705d28db9be6f29fe58da3' }])
  expect(letters(model, state, times(4, request({ cookies: setCookies })))).toBe('aaaa')
  expect(letters(model, state, times(4, request({ cookies: cookies(['srv', '?']) })))).toBe('baba')
})

test('a drained server keeps its sessions, and no other one is tried for them', () => {
  const model = sticky(stickyRoute([cookieVariable('r')]))
  const state = model.start(withState(weighted(1, 1), 'b', 'drain'))
  const pinned = request({ cookies: cookies(['r', 'b']) })
  expect(letters(model, state, times(3))).toBe('aaa')
  expect(letters(model, state, [pinned])).toBe('b')
  model.after(state, { kind: 'dies', server: 'b' })
  expect(serve(model, state, pinned)).toMatchObject({ server: null, failed: ['b'] })
})

test('sticky learn forgets after its timeout, and keeps sessions over a reload', () => {
  const model = sticky(
    stickyLearn({
      lookup: [cookieVariable('id')],
      create: [upstreamCookie('id')],
      timeout: 60,
      capacity: 100,
    }),
  )
  const servers = weighted(1, 1, 1)
  let state = model.start(servers)
  serve(model, state, request(), { setCookies: cookies(['id', 'X']), bytes: 0 })
  const known = (time: number): Request => request({ cookies: cookies(['id', 'X']), time })
  expect(letters(model, state, times(3, known(10)))).toBe('aaa')
  state = model.after(state, { kind: 'reload', servers })
  expect(letters(model, state, [known(69), known(120)])).toBe('aa')
  expect(letters(model, state, times(2, known(180)))).not.toBe('aa')
})

const session = { cookie: 'JSESSIONID', url: 'jsessionid', reverse: true } as const

test.each([
  [cookies(['JSESSIONID', '1.b']), '/', 'bbb'],
  [cookies(['jsessionid', '1.b']), '/', 'bbb'],
  [cookies(['JSESSIONID', '1.x'], ['JSESSIONID', '2.c']), '/', 'ccc'],
  [cookies(['JSESSIONID', '1.x']), '/;jsessionid=2.c', 'abc'],
  [[], '/a;JSESSIONID=2.c?x=1', 'ccc'],
  [[], '/a?x=1&jsessionid=2.b', 'bbb'],
  [[], '/a?jsessionid=', 'abc'],
])('jvm_route reads %j and %s', (sent, uri, expected) => {
  const options = { ...session, strict: false, weighted: true }
  const model = sticky(jvmRoute(options, new Set('abc')))
  const state = model.start(weighted(1, 1, 1))
  expect(letters(model, state, times(3, request({ cookies: sent, uri })))).toBe(expected)
  const form = maps(roundRobin, { routes: sessionRoutes(session), strict: false })
  expect(
    letters(form, form.start(weighted(1, 1, 1)), times(3, request({ cookies: sent, uri }))),
  ).toBe(expected)
})

test('jvm_route sends sessions of a dead server elsewhere, and none with "strict"', () => {
  for (const strict of [false, true]) {
    const model = sticky(jvmRoute({ ...session, strict, weighted: true }, new Set('ab')))
    const state = model.start(weighted(1, 1))
    model.after(state, { kind: 'dies', server: 'b' })
    const pinned = request({ cookies: cookies(['JSESSIONID', '1.b']) })
    expect(serve(model, state, pinned)).toMatchObject({
      server: strict ? null : 'a',
      failed: ['b'],
    })
  }
})

test('userid hashes the first request of a client as the following ones', () => {
  const ids = newIds(3)
  const model = nginxMethod(consistentHash(useridKey('uid', ids)))
  const state = model.start(weighted(1, 1, 1))
  for (let client = 0; client < 200; client++) {
    const first = request()
    const set = useridCookies('uid', ids, first)
    expect(useridCookies('uid', ids, request({ cookies: set }))).toEqual([])
    const chosen = serve(model, state, first).server
    expect(serve(model, state, request({ cookies: set })).server).toBe(chosen)
  }
})
