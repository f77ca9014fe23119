import { describe, expect, test } from 'vitest'
import { measured } from '../../../src/core/prove/measure.ts'
import { groupsOf } from '../../../src/core/prove/population.ts'
import type { Observation, Phase } from '../../../src/core/traffic/exchange.ts'

const seen = (
  client: number,
  phase: Phase,
  server: string | null,
  session: string | null,
  count: number | null = null,
): Observation => ({
  client,
  phase,
  atMs: { before: 0, during: 100, after: 200, newcomers: 300 }[phase],
  tookMs: 1,
  status: server === null ? 502 : 200,
  failure: null,
  server,
  session,
  route: null,
  count,
  upgrade: null,
})

const same = (name: string): string => name
const homes = { before: same, after: same }
const groups = groupsOf(2)
const [busy = 0] = groups.busy
const [waiting = 0] = groups.waiting

const of = (observations: readonly Observation[], places = homes) =>
  measured({ observations, clusterEvents: [] }, groups, places)

describe('a client that waited', () => {
  const next = (server: string | null, places = homes) =>
    of([seen(waiting, 'before', 'app1', 'A', 1), seen(waiting, 'after', server, 'A', 2)], places)
      .moved

  test('has moved if another server answers', () => {
    expect(next('app1')).toBe(0)
    expect(next('app2')).toBe(1)
  })

  test('has moved if no server answers', () => {
    expect(next(null)).toBe(1)
  })

  test('has moved to a server that got the name of its own', () => {
    const ports = (places: Readonly<Record<string, string>>) => (name: string) => places[name] ?? ''
    const exchanged = {
      before: ports({ app1: '1', app2: '2' }),
      after: ports({ app1: '2', app2: '1' }),
    }
    expect(next('app1', exchanged)).toBe(1)
    expect(next('app2', exchanged)).toBe(0)
  })

  test('does not count if it was never served', () => {
    expect(
      of([seen(waiting, 'before', null, null), seen(waiting, 'after', 'app1', 'A', 1)]).moved,
    ).toBe(null)
  })
})

describe('a client that sent requests meanwhile', () => {
  const requests = (during: Observation, after: Observation) =>
    of([seen(busy, 'before', 'app1', 'A', 1), during, after]).lost

  test('keeps a session that another server continues', () => {
    expect(
      requests(seen(busy, 'during', 'app2', 'A', 2), seen(busy, 'after', 'app2', 'A', 3)),
    ).toBe(0)
  })

  test('loses a session that was replaced, even where it comes back to its server', () => {
    expect(
      requests(seen(busy, 'during', 'app2', 'B', 1), seen(busy, 'after', 'app1', 'A', 2)),
    ).toBe(1)
  })

  test('keeps a session while no server answers', () => {
    expect(requests(seen(busy, 'during', null, null), seen(busy, 'after', 'app1', 'A', 2))).toBe(0)
  })

  test('loses it if no server answers any more', () => {
    expect(requests(seen(busy, 'during', null, null), seen(busy, 'after', null, null))).toBe(1)
  })
})

test('nothing is measured without clients', () => {
  expect(of([])).toEqual({ moved: null, lost: null })
})
