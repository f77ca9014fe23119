import { expect, test } from 'vitest'
import { byBusyness, byRequests, byTraffic } from '../../../src/core/simulate/httpd/method.ts'
import { httpdBalancer } from '../../../src/core/simulate/httpd/model.ts'
import { routeOf, type StickySession } from '../../../src/core/simulate/httpd/sticky-session.ts'
import { emptyResponse } from '../../../src/core/simulate/model.ts'
import { clientAddress, type Request } from '../../../src/core/simulate/request.ts'
import { type Run, run } from '../../../src/core/simulate/run.ts'
import {
  type SimulatedServer,
  simulatedServer,
  withState,
} from '../../../src/core/simulate/server.ts'

const weighted = (...weights: readonly number[]): readonly SimulatedServer[] =>
  weights.map((weight, index) => {
    const name = String.fromCharCode(97 + index)
    return simulatedServer(name, `10.0.0.${index + 1}:8080`, {
      weight,
      route: name,
      failTimeout: 60,
    })
  })

const request = (given: Partial<Request> = {}): Request => ({
  address: clientAddress('127.0.0.1'),
  cookies: [],
  uri: '/',
  time: 0,
  ...given,
})

const sticky: StickySession = {
  cookie: 'JSESSIONID',
  parameter: 'jsessionid',
  endsAtSemicolon: true,
  isWhole: false,
  strict: false,
  ownCookie: null,
}

const of = (value: string): Request => request({ cookies: [{ name: 'JSESSIONID', value }] })

const letters = (proxy: Run, requests: readonly Request[]): string =>
  requests.map((each) => proxy.serve(each).server ?? '-').join('')

const times = (count: number, each: Request = request()): readonly Request[] =>
  Array.from({ length: count }, () => each)

test('byrequests shares requests by weight', () => {
  const proxy = run(httpdBalancer(byRequests, null), weighted(5, 1, 1))
  expect(letters(proxy, times(7))).toBe('aabacaa')
})

test('bytraffic shares bytes by weight', () => {
  const proxy = run(httpdBalancer(byTraffic, null), weighted(1, 2))
  const served = times(300).map((each) => proxy.serve(each, { setCookies: [], bytes: 500 }).server)
  expect(served.filter((server) => server === 'b')).toHaveLength(200)
})

test.each([byRequests, byBusyness])('sessions count as requests: %#', (method) => {
  const proxy = run(httpdBalancer(method, sticky), weighted(1, 1))
  expect(letters(proxy, [of('1.a'), request(), of('1.b'), request()])).toBe('abba')
})

test('bybusyness looks at active requests first', () => {
  const proxy = run(httpdBalancer(byBusyness, null), weighted(1, 1))
  const open = times(3).map((each) => proxy.begin(each))
  expect(open.map(({ answer }) => answer.server).join('')).toBe('aba')
  open[0]?.end(emptyResponse)
  open[2]?.end(emptyResponse)
  expect(letters(proxy, times(2))).toBe('aa')
})

test.each([
  [of('1.b'), 'b'],
  [of('1.x.b'), 'x.b'],
  [of('1'), ''],
  [request({ uri: '/a;jsessionid=1.b;c?x' }), 'b'],
  [request({ uri: '/a?jsessionid=1.b&x' }), 'b'],
  [request({ ...of('1.b'), uri: '/?jsessionid=1.a' }), 'a'],
  [request(), null],
])('reads the route of %j as %j', (sent, route) => {
  expect(routeOf(sent, sticky)).toBe(route)
})

test('a session moves while its member is in error, and returns after retry', () => {
  const proxy = run(httpdBalancer(byRequests, sticky), weighted(1, 1))
  proxy.happens({ kind: 'dies', server: 'b' })
  expect(proxy.serve(of('1.b'))).toMatchObject({ server: 'a', failed: ['b'] })
  proxy.happens({ kind: 'returns', server: 'b' })
  expect(letters(proxy, [of('1.b'), { ...of('1.b'), time: 60 }, { ...of('1.b'), time: 61 }])).toBe(
    'aab',
  )
})

test('nofailover refuses a session whose member cannot serve', () => {
  const strict = { ...sticky, strict: true }
  const proxy = run(httpdBalancer(byRequests, strict), withState(weighted(1, 1), 'b', 'down'))
  expect(letters(proxy, [of('1.b'), of('1.x'), of('1')])).toBe('-aa')
})

test('a member that drains keeps its sessions, a hot standby serves when no other can', () => {
  const servers = withState(withState(weighted(1, 1, 1), 'b', 'drain'), 'c', 'backup')
  const proxy = run(httpdBalancer(byRequests, sticky), servers)
  expect(letters(proxy, [...times(2), of('1.b'), of('1.c')])).toBe('aabc')
  proxy.happens({ kind: 'dies', server: 'a' })
  expect(letters(proxy, times(2))).toBe('cc')
})

test('a cookie of httpd is set when the method has selected the member', () => {
  const own = { ...sticky, cookie: 'srv', parameter: 'srv', ownCookie: 'srv' }
  const proxy = run(httpdBalancer(byRequests, own), weighted(1, 1))
  const { cookies } = proxy.serve(request())
  expect(cookies).toEqual([{ name: 'srv', value: '.a' }])
  expect(proxy.serve(request({ cookies }))).toMatchObject({ server: 'a', cookies: [] })
})
