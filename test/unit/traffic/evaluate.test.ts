import { describe, expect, test } from 'vitest'
import { evaluate, isFailure, skipped } from '../../../src/core/traffic/evaluate.ts'
import type { Observation } from '../../../src/core/traffic/exchange.ts'
import { formatShare } from '../../../src/core/traffic/reason.ts'
import type { ScenarioName } from '../../../src/core/traffic/scenario.ts'
import { scenarioNames } from '../../../src/core/traffic/scenario.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import { observed, visits } from './observations.ts'
import { sizeOf } from './sizes.ts'

const scenarioOf = (name: ScenarioName) => {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(name)
  return scenario
}

const judged = (
  name: ScenarioName,
  observations: readonly Observation[],
  least: Record<string, number> = {},
) =>
  evaluate(
    scenarioOf(name),
    { observations, clusterEvents: [] },
    {
      isClaimed: true,
      minimums: least,
      servers: new Map([
        ['a', 1],
        ['b', 1],
      ]),
    },
  )

const crowd = (count: number, server: (client: number) => string): readonly Observation[] =>
  Array.from({ length: count }, (_, client) => observed({ client, server: server(client) }))

test('every name has one scenario', () => {
  expect(scenarios.map(({ name }) => name)).toEqual([...scenarioNames])
})

test('events of a scenario are those of its steps', () => {
  for (const { events, behaviour } of scenarios) {
    const steps = behaviour(sizeOf(4, 5)).steps
    const clusterEvent = steps.flatMap((step) => (step.kind === 'event' ? [step.event] : []))
    expect(clusterEvent).toEqual(events)
  }
})

describe('sticky', () => {
  test('holds', () => {
    const result = judged('sticky', visits(0, ['a', 'a', 'a']))
    expect(result).toMatchObject({ status: 'held', reason: '' })
    expect(isFailure(result)).toBe(false)
  })

  test('fails, and reports the measured share', () => {
    const result = judged('sticky', visits(0, ['a', 'b', 'b']))
    expect(result.status).toBe('failed')
    expect(result.reason).toBe(
      'only 50% of the requests went to the server of the previous request',
    )
    expect(isFailure(result)).toBe(true)
  })

  test('the required share can be lower', () => {
    expect(judged('sticky', visits(0, ['a', 'b', 'b']), { sticky: 0.5 }).status).toBe('held')
  })

  test('a balancer that returns only errors is not sticky', () => {
    const result = judged('sticky', visits(0, ['-', '-', '-']))
    expect(result.status).toBe('failed')
    expect(result.reason).toBe('3 of 3 requests failed (502: 3)')
  })

  test('a balancer that refuses every client is not sticky', () => {
    const turned = visits(0, ['a', 'a', 'a']).map((one) => ({ ...one, status: 429 }))
    const result = judged('sticky', turned)
    expect(result).toMatchObject({ status: 'failed', reason: '3 of 3 requests failed (429: 3)' })
  })

  test('some errors are reported', () => {
    const result = judged('sticky', visits(0, ['a', '-', 'a']))
    expect(result).toMatchObject({ status: 'failed', reason: '1 of 3 requests failed (502: 1)' })
  })

  test('responses without the name of their server are inconclusive', () => {
    const unnamed = visits(0, ['a', 'a']).map((one) => ({ ...one, server: null }))
    const result = judged('sticky', unnamed)
    expect(result).toMatchObject({
      status: 'unknown',
      reason: 'no response identifies its server',
    })
    expect(isFailure(result)).toBe(true)
  })

  const giving = (words: readonly string[], isKnown: boolean) =>
    words.map((word, index) =>
      observed({ client: index, atMs: 10 * index, route: { value: word, isKnown }, server: 'a' }),
    )

  test.each([
    [['tomcatA'], 'sessions have the route tomcatA, which no server of the spec has'],
    [['B', 'A', 'B'], 'sessions have the routes A, B, which no server of the spec has'],
    [['', ''], 'sessions have no route'],
    // If the id itself is in the place of the route, it must not be shown.
    [
      Array.from({ length: 9 }, (_, index) => `id${index}`),
      '9 different values are in the place of the route of sessions',
    ],
  ])('sessions with an unknown route: %s', (words, why) => {
    const unlucky = judged('sticky', [...giving(words, false), ...visits(100, ['a', 'b'])])
    expect(unlucky).toMatchObject({
      status: 'failed',
      reason: `no request went to the server of the previous request; ${why}`,
    })
    // By chance they all stayed.
    const lucky = judged('sticky', [...giving(words, false), ...visits(100, ['a', 'a'])])
    expect(lucky).toMatchObject({ status: 'failed', reason: why })
    expect(judged('spread', giving(words, false)).checks).toHaveLength(2)
  })

  test('and with a valid route', () => {
    const result = judged('sticky', [...giving(['one', 'two'], true), ...visits(0, ['a', 'a'])])
    expect(result).toMatchObject({ status: 'held', reason: '' })
    expect(result.checks.map(({ figure }) => figure)).toEqual(['sticky', 'answered', 'routed'])
  })

  test('no response', () => {
    expect(judged('sticky', [])).toMatchObject({ status: 'unknown' })
  })
})

describe('nat', () => {
  test('a thousand clients on one server', () => {
    const result = judged(
      'nat',
      crowd(1000, () => 'a'),
    )
    expect(result).toMatchObject({
      status: 'failed',
      reason: 'all 1000 clients went to a (0% even)',
    })
  })

  test('a thousand clients on two', () => {
    const result = judged(
      'nat',
      crowd(1000, (client) => (client % 2 === 0 ? 'a' : 'b')),
    )
    expect(result).toMatchObject({ status: 'held' })
    expect(result.checks[0]?.reason).toBe('clients: a 500, b 500 (100% even)')
  })
})

test('an unclaimed result is not a failure', () => {
  const scenario = scenarioOf('kill')
  expect(isFailure(skipped(scenario, 'nobody may kill it', false))).toBe(false)
  expect(isFailure(skipped(scenario, 'nobody may kill it', true))).toBe(true)
})

test.each([
  [1, '100%'],
  [0.99999, '99.9%'],
  [0.5, '50%'],
  [0.3333, '33.3%'],
  [0.29, '29%'],
  [0, '0%'],
])('%d is %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})

describe('sessions', () => {
  const counted = (client: number, counts: readonly number[], session: (nth: number) => string) =>
    counts.map((count, nth) =>
      observed({ client, server: 'a', atMs: nth * 10, count, session: session(nth) }),
    )

  test('a client that keeps its server but loses its session is not sticky', () => {
    const lost = [0, 1].flatMap((client) => counted(client, [1, 1, 1], (nth) => `${client}-${nth}`))
    const result = judged('sticky', lost)
    expect(result).toMatchObject({ status: 'failed', reason: 'every session was lost' })
    expect(judged('parallel', lost).status).toBe('failed')
    // Whom fewer are enough, those may lose theirs.
    expect(judged('sticky', lost, { sticky: 0.9 }).status).toBe('held')
  })

  test('clients that share one session fail every scenario', () => {
    const merged = [0, 1, 2].flatMap((client) =>
      counted(client, [1 + client, 4 + client], () => (client === 2 ? 'own' : 'one')),
    )
    for (const name of scenarioNames)
      expect(judged(name, merged).reason, name).toContain(
        '66.6% of the clients shared a session with another client',
      )
    const { figures } = judged('sticky', merged)
    expect(figures?.shares).toMatchObject({ sticky: 1, kept: 1 })
  })
})

describe('upgrade', () => {
  const closed = { idleMs: 1500, isUpgraded: true, isOpen: false, closedMs: 1234 }
  const outcomes = {
    open: { ...closed, isOpen: true, closedMs: null },
    closed,
    silent: { ...closed, closedMs: null },
    refused: { ...closed, isUpgraded: false, closedMs: null },
  }
  const handshake = (client: number, kind: keyof typeof outcomes) =>
    observed({
      client,
      server: 'a',
      status: kind === 'refused' ? 403 : 101,
      upgrade: outcomes[kind],
    })
  const reasonFor = (...kinds: readonly (keyof typeof outcomes)[]) => {
    const plain = kinds.map((_, client) => observed({ client, server: 'a' }))
    return judged('upgrade', [...plain, ...kinds.map((kind, client) => handshake(client, kind))])
      .reason
  }

  test.each([
    [['open', 'open'], ''],
    [['refused', 'refused'], 'no connection was upgraded (403)'],
    [['open', 'refused'], 'only 1 of 2 were upgraded (403)'],
    [['open', 'closed'], '1 of 2 idle connections did not stay open (the first one after 1.2 s)'],
    [['silent'], '1 of 1 idle connection did not stay open'],
  ] as const)('%j', (kinds, reason) => {
    expect(reasonFor(...kinds)).toBe(reason)
  })
})
