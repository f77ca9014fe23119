import { describe, expect, test } from 'vitest'
import { compare } from '../../../src/core/simulate/compare.ts'
import { clientsOfShape } from '../../../src/core/simulate/population/shapes.ts'
import { accepted, simulatedBy, type Varied } from './clusters.ts'

const four = '{ a: "10.0.0.1:8080", b: "10.0.0.2:8080", c: "10.0.0.3:8080", d: "10.0.0.4:8080" }'

const people = clientsOfShape({ name: 'internet', count: null }, 3000, 7)

const byLearn =
  '{ method: sticky, by: learn, create: ["$upstream_cookie_JSESSIONID"], lookup: ["$cookie_JSESSIONID"], zone: 8m }'

const byRoute = '{ method: sticky, by: route, from: ["$cookie_route", "$arg_route"] }'

test.each([
  ['nginx', '{ method: ip_hash }', '', 'ip_hash'],
  ['nginx', '{ method: hash, key: $host$remote_addr }', '', 'hash $host$remote_addr'],
  ['nginx', '{ method: jvm_route }', '', 'the built-in sticky route of nginx 1.30.6, round robin'],
  [
    'nginx',
    '{ method: jvm_route }',
    'version: "1.26.3"',
    'maps and one upstream block per server, round robin',
  ],
  [
    'nginx',
    '{ method: jvm_route }',
    'version: "1.26.3", modules: [jvm_route]',
    'the jvm_route module, round robin',
  ],
  [
    'nginx',
    '{ method: sticky, by: cookie }',
    'version: "1.26.3"',
    'userid with hash, hash $uid_got$uid_set consistent',
  ],
  ['haproxy', '{ method: ip_hash }', '', 'balance source, hash-type consistent'],
  ['haproxy', '{ method: hash, key: $uri }', '', 'balance hash path,url_dec'],
  ['haproxy', '{ method: jvm_route }', '', 'use-server, balance roundrobin'],
  ['haproxy', '{ method: sticky, by: cookie }', '', 'cookie srv_id insert, balance roundrobin'],
  ['haproxy', byLearn, '', 'stick-table, balance roundrobin'],
  ['httpd', '{ method: jvm_route }', '', 'stickysession=JSESSIONID|jsessionid, byrequests'],
  ['httpd', '{ method: sticky, by: cookie }', '', 'stickysession=srv_id, byrequests'],
] as const)('%s with %s uses the form that is written: %s %s', (proxy, affinity, nginx, title) => {
  const varied = nginx === '' ? { affinity } : { affinity, nginx }
  expect(simulatedBy(proxy, varied)?.title).toBe(title)
})

test('what a dialect refuses has no model', () => {
  expect(simulatedBy('httpd', { affinity: '{ method: ip_hash }' })).toBeNull()
  expect(simulatedBy('nginx', { affinity: byLearn, nginx: 'version: "1.26.3"' })).toBeNull()
})

/** Of what moves when a fourth server comes: the affinity, the proxy, its release; from, to. */
const moving: readonly (readonly [proxy: 'nginx' | 'haproxy' | 'httpd', Varied, number, number])[] =
  [
    ['nginx', { affinity: '{ method: ip_hash }' }, 0.7, 0.8],
    ['nginx', { affinity: '{ method: hash, key: $remote_addr }' }, 0.7, 0.8],
    ['nginx', { affinity: '{ method: hash, key: $remote_addr, consistent: true }' }, 0.2, 0.3],
    ['nginx', { affinity: '{ method: hash, key: $cookie_cart, consistent: true }' }, 0.2, 0.3],
    ['nginx', { affinity: '{ method: hash, key: $arg_cart }' }, 0.7, 0.8],
    ['nginx', { affinity: '{ method: jvm_route }' }, 0, 0],
    ['nginx', { affinity: '{ method: jvm_route }', nginx: 'version: "1.26.3"' }, 0, 0],
    ['nginx', { nginx: 'version: "1.26.3", modules: [jvm_route]' }, 0, 0],
    ['nginx', { affinity: '{ method: sticky, by: cookie }' }, 0, 0],
    ['nginx', { affinity: '{ method: sticky, by: cookie }', nginx: 'version: "1.26.3"' }, 0.2, 0.3],
    ['nginx', { affinity: byLearn }, 0, 0],
    ['nginx', { affinity: byRoute }, 0, 0],
    ['nginx', { affinity: byRoute, nginx: 'version: "1.26.3"' }, 0, 0],
    ['haproxy', { affinity: '{ method: ip_hash }' }, 0.15, 0.35],
    ['haproxy', { affinity: '{ method: hash, key: $remote_addr }' }, 0.7, 0.8],
    ['haproxy', { affinity: '{ method: jvm_route }' }, 0, 0],
    ['haproxy', { affinity: '{ method: jvm_route, mode: prefix }' }, 0, 0],
    ['haproxy', { affinity: '{ method: sticky, by: cookie }' }, 0, 0],
    ['haproxy', { affinity: byRoute }, 0, 0],
    // Without peers, a reload forgets the table.
    ['haproxy', { affinity: byLearn }, 0.65, 0.85],
    ['httpd', { affinity: '{ method: jvm_route }' }, 0, 0],
    ['httpd', { affinity: '{ method: sticky, by: cookie }' }, 0, 0],
  ]

test.each(moving)(
  '%s with %o: a fourth server moves a share from %d to %d',
  (proxy, varied, least, most) => {
    const before = accepted(simulatedBy(proxy, varied))
    const after = accepted(simulatedBy(proxy, { ...varied, servers: four }))
    const { moved, lost, lostWith, failed, movedAnyway } = compare(before, after, people)
    expect(moved).toBeGreaterThanOrEqual(least)
    expect(moved).toBeLessThanOrEqual(most)
    expect({ lost, failed, movedAnyway }).toEqual({ lost: moved, failed: 0, movedAnyway: 0 })
    expect(lostWith).toEqual({ server: moved, backup: 0, all: 0, store: 0 })
  },
)

describe('what counts as the same server, and as the same session', () => {
  const compared = (after: Varied, before: Varied = {}) =>
    compare(accepted(simulatedBy('nginx', before)), accepted(simulatedBy('nginx', after)), people)

  test('a server with another name is the same', () => {
    const servers =
      '{ a: "10.0.0.1:8080", b: "10.0.0.2:8080", z: { address: "10.0.0.3:8080", route: c } }'
    expect(compared({ servers })).toMatchObject({ moved: 0, lost: 0 })
  })

  test('a server with another address is another', () => {
    const servers = '{ a: "10.0.0.1:8080", b: "10.0.0.2:8080", c: "10.0.0.7:8080" }'
    const { moved, lost } = compared({ servers })
    expect(moved).toBeCloseTo(1 / 3, 2)
    expect(lost).toBe(moved)
  })

  test('a route that is renamed moves its clients', () => {
    const servers =
      '{ a: "10.0.0.1:8080", b: "10.0.0.2:8080", c: { address: "10.0.0.3:8080", route: z } }'
    const { moved } = compared({ servers })
    // Sessions of a and b count as their requests, so that round robin sends most of the others to c again.
    expect(moved).toBeGreaterThan(0.05)
    expect(moved).toBeLessThan(1 / 3)
  })

  test('another session cookie, or another store, loses all sessions and moves none', () => {
    const redis = '{ store: redisson, use: cache }'
    expect(compared({ sessions: redis })).toMatchObject({ moved: 0, lost: 1 })
    const prefixed = '{ store: redisson, use: cache, keyPrefix: new }'
    expect(compared({ sessions: prefixed }, { sessions: redis })).toMatchObject({ lost: 1 })
    expect(compared({ sessions: redis }, { sessions: redis })).toMatchObject({ lost: 0 })
  })

  test('servers that die lose what only they have', () => {
    const before = accepted(simulatedBy('haproxy', { affinity: '{ method: sticky, by: cookie }' }))
    const both = compare(before, before, people, { seed: 1, dying: ['a', 'b'] })
    expect(both.failed).toBe(0)
    expect(both.lostWith.server).toBeCloseTo(2 / 3, 2)
    // The backup of a is b, and that of b is c.
    expect(both.lostWith.backup).toBeCloseTo(1 / 3, 2)
    expect(both.lostWith.all).toBe(0)
  })
})

test('a CDN in front moves nearly all clients of ip_hash to a few servers, unless the header is read', () => {
  const cdn = clientsOfShape({ name: 'cdn', count: 2 }, 2000, 3)
  const affinity = '{ method: ip_hash }'
  const blind = accepted(simulatedBy('nginx', { affinity }))
  const frontend = ', clientAddress: { trust: [10.0.0.0/8], header: X-Forwarded-For }'
  const seeing = accepted(simulatedBy('nginx', { affinity, frontend }))
  const served = ({ spread }: ReturnType<typeof compare>) =>
    Object.values(spread.after).filter((share) => share > 0).length
  expect(served(compare(blind, blind, cdn))).toBeLessThanOrEqual(2)
  expect(served(compare(seeing, seeing, cdn))).toBe(3)
})
