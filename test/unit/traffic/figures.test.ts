import { describe, expect, test } from 'vitest'
import type { ClusterEvent, Observation } from '../../../src/core/traffic/exchange.ts'
import { evenness } from '../../../src/core/traffic/figures/evenness.ts'
import { figuresOf } from '../../../src/core/traffic/figures/figures.ts'
import { timelineOf } from '../../../src/core/traffic/figures/timeline.ts'
import { observed, visits } from './observations.ts'

const sharesOf = (
  observations: readonly Observation[],
  clusterEvents: readonly ClusterEvent[] = [],
  servers: ReadonlyMap<string, number> | null = null,
) => figuresOf({ observations, clusterEvents: clusterEvents }, servers).shares

const killed = (server: string | null, atMs = 50): ClusterEvent => ({
  event: 'kill-server',
  server,
  atMs,
  endMs: atMs + 1,
})

describe('sticky: requests to the server of the previous request', () => {
  test.each([
    ['all', ['a', 'a', 'a'], 1],
    ['in turn', ['a', 'b', 'a'], 0],
    ['one move is one move', ['a', 'a', 'b', 'b', 'b'], 0.75],
    ['what failed was nowhere', ['a', '-', 'a'], 1],
    ['but it hides no move', ['a', '-', 'b'], 0],
    ['one request tells nothing', ['a'], null],
    ['nor do failures', ['-', '-', '-'], null],
  ])('%s', (_, servers, share) => {
    expect(sharesOf(visits(0, servers)).sticky).toBe(share)
  })

  test('clients are counted separately, in any order', () => {
    const two = [...visits(0, ['a', 'a', 'a']), ...visits(1, ['b', 'b', 'b'])]
    expect(sharesOf(two).sticky).toBe(1)
    expect(sharesOf([...two].reverse()).sticky).toBe(1)
  })
})

describe('even: how close the shares of clients are to the weights', () => {
  const equal = new Map([
    ['a', 1],
    ['b', 1],
  ])
  const weighted = new Map([
    ['a', 3],
    ['b', 1],
  ])
  test.each([
    ['halves', { a: 50, b: 50 }, equal, 1],
    ['all on one', { a: 100 }, equal, 0],
    ['three quarters', { a: 75, b: 25 }, equal, 0.5],
    ['by weight', { a: 75, b: 25 }, weighted, 1],
    ['all on the heavier one', { a: 100 }, weighted, 1 - 0.25 / 0.75],
    ['all on the lighter one', { b: 100 }, weighted, 0],
    ['all on a stranger', { a: 1, x: 99 }, equal, 1 - 0.99],
    ['names that nobody knows', { f00: 25, ba5: 75 }, weighted, 1],
    ['fewer names than servers', { f00: 100 }, equal, 0],
    ['nobody said what to expect', { a: 50, b: 50 }, null, 1],
    ['one server, and it is the only one', { a: 9 }, new Map([['a', 1]]), 1],
    ['one server, and perhaps there are others', { a: 9 }, null, null],
    ['no client', {}, equal, null],
  ])('%s', (_, counts, expected, share) => {
    const found = evenness(new Map(Object.entries(counts)), expected)
    if (share === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(share, 10)
  })
})

describe('kept: sessions that every later response knew', () => {
  const atFirst = (count: number | null, session: string) =>
    observed({ server: 'a', count, session, atMs: 10 })
  const later = (count: number | null, session: string, server = 'b') =>
    observed({ server, count, session, phase: 'after', atMs: 100 })

  test.each([
    ['the count goes on, under another id', [atFirst(3, 'x'), later(4, 'y')], 1],
    ['the count begins anew', [atFirst(3, 'x'), later(1, 'y')], 0],
    ['the count begins anew under the same id', [atFirst(3, 'x'), later(1, 'x')], 0],
    ['lost after the first session was all but new', [atFirst(1, 'x'), later(1, 'y')], 0],
    ['without a count the id tells', [atFirst(null, 'x'), later(null, 'x')], 1],
    ['and that it is replaced', [atFirst(null, 'x'), later(null, 'y')], 0],
    ['no answer after the event', [atFirst(3, 'x'), { ...later(4, 'x'), status: 502 }], 0],
  ])('%s', (_, observations, share) => {
    expect(sharesOf(observations, [killed('a')]).kept).toBe(share)
  })

  test('a copy without the latest changes is the same session', () => {
    const [first, second] = [atFirst(1, 'x'), { ...atFirst(3, 'x'), atMs: 50 }]
    expect(sharesOf([first, second, later(3, 'x')], [killed('a')]).kept).toBe(1)
    expect(sharesOf([first, second, later(2, 'x')], [killed('a')]).kept).toBe(1)
    expect(sharesOf([first, second, later(1, 'x')], [killed('a')]).kept).toBe(0)
  })

  test('a session that reappears is lost all the same', () => {
    const flickering = [atFirst(3, 'x'), later(1, 'y'), { ...later(4, 'x'), atMs: 200 }]
    expect(sharesOf(flickering, [killed('a')]).kept).toBe(0)
  })

  test('only sessions of the server of the event count', () => {
    const others = [1, 2, 3].flatMap((client) => [
      { ...atFirst(1, 'x'), client, server: 'b' },
      { ...later(2, 'x'), client },
    ])
    const victim = [atFirst(1, 'x'), later(1, 'y')]
    expect(sharesOf([...others, ...victim], [killed('a')]).kept).toBe(0)
    // Nobody was there: nothing was shown.
    expect(sharesOf(others, [killed('a')]).kept).toBeNull()
    // It was dead before anybody came: it concerns all alike.
    expect(sharesOf(others, [killed('a', 0)]).kept).toBe(1)
  })

  test('concurrent responses have no order', () => {
    const [first, second] = [atFirst(2, 'x'), { ...atFirst(1, 'x'), atMs: 10.5 }]
    expect(sharesOf([first, second]).kept).toBeNull()
  })
})

describe('new clients, after a drain or a return', () => {
  const newcomers = (servers: readonly string[]) =>
    servers.map((server, client) => observed({ client, server, phase: 'newcomers' }))

  test.each([
    [['b', 'b'], 1, 0],
    [['a', 'b'], 0.5, 1],
    [[], null, null],
  ])('%j', (servers, avoided, rejoined) => {
    expect(sharesOf(newcomers(servers), [killed('a')])).toMatchObject({ avoided, rejoined })
  })
})

test('counted: an overwritten update is missing from the count', () => {
  const counts = [1, 2, 2, 3].map((count, index) => observed({ count, atMs: index }))
  expect(sharesOf(counts).counted).toBe(0.75)
})

test('failures are reported by their codes, and are not in the latency', () => {
  const figures = figuresOf(
    {
      observations: [
        ...[1, 2, 3, 4].map((tookMs) => observed({ tookMs, server: 'a' })),
        observed({ tookMs: 9000, status: 504 }),
        observed({ tookMs: 9000, status: null, failure: 'ECONNRESET' }),
      ],
      clusterEvents: [],
    },
    null,
  )
  expect(figures).toMatchObject({
    requests: 6,
    failed: 2,
    unidentified: 0,
    latency: { p50: 2, p95: 4, p99: 4, max: 4 },
    endings: [
      { code: '200', count: 4 },
      { code: '504', count: 1 },
      { code: 'ECONNRESET', count: 1 },
    ],
    servers: [{ name: 'a', requests: 4, clients: 1, expected: null }],
  })
  expect(figures.shares.answered).toBeCloseTo(4 / 6)
})

describe('the timeline', () => {
  test('contains every request at its time', () => {
    const observations = [
      ...Array.from({ length: 90 }, (_, index) =>
        observed({ client: index % 3, server: index < 45 ? 'a' : 'b', atMs: index * 10 }),
      ),
      observed({ client: 3, status: 502, atMs: 450 }),
      observed({ client: 4, atMs: 450 }),
    ]
    const { slots, slotMs, servers } = timelineOf({
      observations,
      clusterEvents: [killed('a', 450)],
    })
    expect(servers).toEqual(['a', 'b'])
    expect(slots.length).toBeLessThanOrEqual(60)
    const total = (pick: (slot: (typeof slots)[number]) => number) =>
      slots.reduce((sum, slot) => sum + pick(slot), 0)
    expect(total(({ served }) => served[0] ?? 0)).toBe(45)
    expect(total(({ served }) => served[1] ?? 0)).toBe(45)
    expect(total(({ failed }) => failed)).toBe(1)
    expect(total(({ unidentified }) => unidentified)).toBe(1)
    expect(slots[Math.floor(450 / slotMs)]?.failed).toBe(1)
  })

  test('a row merges equal results', () => {
    const { rows } = timelineOf({
      observations: visits(7, ['a', 'a', '-', 'b']),
      clusterEvents: [],
    })
    expect(rows).toEqual([
      {
        client: 7,
        runs: [
          { server: 'a', isServed: true, phase: 'before', length: 2 },
          { server: null, isServed: false, phase: 'before', length: 1 },
          { server: 'b', isServed: true, phase: 'before', length: 1 },
        ],
      },
    ])
  })

  test('a value that differs in every response is not used as the name of a server', () => {
    const observations = Array.from({ length: 125_000 }, (_, client) =>
      observed({ client, server: `x${client}`, count: client }),
    )
    const { servers, slots } = timelineOf({ observations, clusterEvents: [] })
    expect(servers).toHaveLength(40)
    expect(slots[0]?.unidentified).toBe(124_960)
    expect(sharesOf(observations)).toMatchObject({ even: 1, sticky: null })
  })

  test('no response was seen', () => {
    const empty = timelineOf({ observations: [], clusterEvents: [] })
    expect(empty).toMatchObject({ slots: [], rows: [], servers: [] })
  })
})
