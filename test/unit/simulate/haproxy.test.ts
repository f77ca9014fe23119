import { expect, test } from 'vitest'
import { none } from '../../../src/core/simulate/haproxy/affinity.ts'
import { consistent } from '../../../src/core/simulate/haproxy/consistent.ts'
import { cookie } from '../../../src/core/simulate/haproxy/cookie.ts'
import { defaultHashTypes, hashed, source } from '../../../src/core/simulate/haproxy/hash-key.ts'
import { leastConnections } from '../../../src/core/simulate/haproxy/least-connections.ts'
import { mapBased } from '../../../src/core/simulate/haproxy/map.ts'
import { haproxyBackend } from '../../../src/core/simulate/haproxy/model.ts'
import { roundRobin } from '../../../src/core/simulate/haproxy/round-robin.ts'
import { stickTable } from '../../../src/core/simulate/haproxy/stick-table.ts'
import { useServer } from '../../../src/core/simulate/haproxy/use-server.ts'
import { emptyResponse } from '../../../src/core/simulate/model.ts'
import {
  type Cookie,
  clientAddress,
  cookieValue,
  type Request,
} from '../../../src/core/simulate/request.ts'
import { type Run, run } from '../../../src/core/simulate/run.ts'
import {
  type SimulatedServer,
  simulatedServer,
  withState,
} from '../../../src/core/simulate/server.ts'
import { sessionRoutes } from '../../../src/core/simulate/session-id.ts'

const weighted = (...weights: readonly number[]): readonly SimulatedServer[] =>
  weights.map((weight, index) => {
    const name = String.fromCharCode(97 + index)
    return simulatedServer(name, `10.0.0.${index + 1}:8080`, { weight, route: name })
  })

const request = (given: Partial<Request> = {}): Request => ({
  address: clientAddress('127.0.0.1'),
  cookies: [],
  uri: '/',
  time: 0,
  ...given,
})

const withCookie = (name: string, value: string): Request => request({ cookies: [{ name, value }] })

const letters = (proxy: Run, requests: readonly Request[]): string =>
  requests.map((each) => proxy.serve(each).server ?? '-').join('')

const times = (count: number, each: Request = request()): readonly Request[] =>
  Array.from({ length: count }, () => each)

const clients = Array.from({ length: 600 }, (_, index) =>
  request({ address: clientAddress(`10.${index % 250}.${index >> 2}.7`), uri: `/${index * 7919}` }),
)

const movedBy = (proxy: Run, change: () => void): number => {
  const before = letters(proxy, clients)
  change()
  const after = letters(proxy, clients)
  return [...before].filter((server, index) => server !== after[index]).length / clients.length
}

test('roundrobin gives each server its share of a round', () => {
  const proxy = run(haproxyBackend(roundRobin, none), weighted(3, 1, 2))
  const served = letters(proxy, times(60))
  const count = (name: string): number => served.split(name).length - 1
  expect([count('a'), count('b'), count('c')]).toEqual([30, 10, 20])
})

test('a server that a check found dead leaves the round, and comes back', () => {
  const proxy = run(haproxyBackend(roundRobin, none), weighted(1, 1, 1))
  proxy.happens({ kind: 'dies', server: 'b' })
  expect(proxy.serve(request()).server).toBe('a')
  expect(proxy.serve(request())).toMatchObject({ failed: ['b'], server: 'c' })
  proxy.happens({ kind: 'noticed', server: 'b' })
  expect(letters(proxy, times(6))).not.toContain('b')
  proxy.happens({ kind: 'returns', server: 'b' })
  expect(letters(proxy, times(9)).split('b').length - 1).toBeGreaterThanOrEqual(3)
})

test('a map moves most clients when a server dies, a ring those of the server', () => {
  for (const [method, least, most] of [
    [mapBased(source(defaultHashTypes.mapBased)), 0.5, 1],
    [mapBased(hashed(({ uri }) => uri, defaultHashTypes.mapBased)), 0.5, 1],
  ] as const) {
    const proxy = run(haproxyBackend(method, none), weighted(1, 1, 1, 1))
    const share = movedBy(proxy, () => proxy.happens({ kind: 'noticed', server: 'b' }))
    expect(share).toBeGreaterThan(least)
    expect(share).toBeLessThan(most)
  }
  const proxy = run(
    haproxyBackend(consistent(hashed(({ uri }) => uri, defaultHashTypes.consistent)), none),
    weighted(1, 1, 1, 1),
  )
  const share = movedBy(proxy, () => proxy.happens({ kind: 'noticed', server: 'b' }))
  expect(share).toBeLessThan(0.4)
  expect(movedBy(proxy, () => proxy.happens({ kind: 'returns', server: 'b' }))).toBe(share)
})

test('hash-balance-factor passes on what is above the share of a server', () => {
  const proxy = run(
    haproxyBackend(
      consistent(() => 12345, 125),
      none,
    ),
    weighted(1, 1, 1, 1),
  )
  const open = times(40).map((each) => proxy.begin(each))
  for (const name of 'abcd') {
    const active = open.filter(({ answer }) => answer.server === name).length
    expect(active).toBeLessThanOrEqual(13)
    expect(active).toBeGreaterThan(0)
  }
})

test('leastconn takes the server with the fewest requests for its weight', () => {
  const proxy = run(haproxyBackend(leastConnections, none), weighted(1, 1))
  const open = times(4).map((each) => proxy.begin(each))
  expect(open.map(({ answer }) => answer.server).join('')).toBe('abab')
  open[1]?.end(emptyResponse)
  expect(proxy.begin(request()).answer.server).toBe('b')
})

test('an inserted cookie is set once, and again when the server changes', () => {
  const insert = cookie({ name: 'srv', mode: 'insert', strict: false })
  const proxy = run(haproxyBackend(roundRobin, insert), weighted(1, 1))
  expect(proxy.serve(request()).cookies).toEqual([{ name: 'srv', value: 'a' }])
  expect(proxy.serve(withCookie('srv', 'a|AbCdE'))).toMatchObject({ server: 'a', cookies: [] })
  proxy.happens({ kind: 'dies', server: 'a' })
  expect(proxy.serve(withCookie('srv', 'a'))).toMatchObject({
    server: 'b',
    failed: ['a'],
    cookies: [{ name: 'srv', value: 'b' }],
  })
})

test('a prefix is put before the value of the application, and read from there', () => {
  const prefix = cookie({ name: 'JSESSIONID', mode: 'prefix', strict: false })
  const proxy = run(haproxyBackend(roundRobin, prefix), weighted(1, 1))
  const setCookies: readonly Cookie[] = [{ name: 'JSESSIONID', value: 'X' }]
  const { cookies } = proxy.serve(request(), { setCookies, bytes: 0 })
  expect(cookies).toEqual([{ name: 'JSESSIONID', value: 'a~X' }])
  expect(letters(proxy, times(3, request({ cookies })))).toBe('aaa')
})

test('a drained server keeps its sessions, a disabled one does not', () => {
  const insert = cookie({ name: 'srv', mode: 'insert', strict: false })
  const drained = run(haproxyBackend(roundRobin, insert), withState(weighted(1, 1), 'b', 'drain'))
  expect(letters(drained, times(3))).toBe('aaa')
  expect(letters(drained, times(2, withCookie('srv', 'b')))).toBe('bb')
  const disabled = run(haproxyBackend(roundRobin, insert), withState(weighted(1, 1), 'b', 'down'))
  expect(letters(disabled, times(2, withCookie('srv', 'b')))).toBe('aa')
})

test('strict refuses a session whose server is dead or disabled', () => {
  const source = { cookie: 'JSESSIONID', url: 'jsessionid', reverse: true } as const
  const affinity = useServer(sessionRoutes(source), new Set('abc'), true)
  const proxy = run(haproxyBackend(roundRobin, affinity), withState(weighted(1, 1, 1), 'c', 'down'))
  proxy.happens({ kind: 'dies', server: 'b' })
  proxy.happens({ kind: 'noticed', server: 'b' })
  const of = (route: string): Request => withCookie('JSESSIONID', `1.${route}`)
  expect(letters(proxy, ['a', 'b', 'c', 'x'].map(of))).toBe('a--a')
})

test('a reload empties a stick table without peers', () => {
  for (const peers of [false, true]) {
    const table = stickTable({
      lookups: [({ cookies }) => cookieValue(cookies, 'id')],
      creates: [({ setCookies }) => cookieValue(setCookies, 'id')],
      expire: 60,
      size: 10,
      peers,
    })
    const servers = weighted(1, 1, 1)
    const proxy = run(haproxyBackend(roundRobin, table), servers)
    const setCookies: readonly Cookie[] = [{ name: 'id', value: 'X' }]
    expect(letters(proxy, times(1))).toBe('a')
    expect(proxy.serve(request(), { setCookies, bytes: 0 }).server).toBe('b')
    expect(letters(proxy, times(3, withCookie('id', 'X')))).toBe('bbb')
    proxy.happens({ kind: 'reload', servers })
    expect(letters(proxy, times(2, withCookie('id', 'X')))).toBe(peers ? 'bb' : 'aa')
    // Another process knows nothing.
    const other = run(haproxyBackend(roundRobin, table), servers)
    expect(letters(other, times(2, withCookie('id', 'X')))).toBe('aa')
  }
})
