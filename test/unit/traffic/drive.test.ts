import { describe, expect, test } from 'vitest'
import { drive, type Happen, type Road } from '../../../src/commands/traffic/drive.ts'
import { figuresOf } from '../../../src/core/traffic/figures/figures.ts'
import type { Identity } from '../../../src/core/traffic/identity.ts'
import type { ScenarioName } from '../../../src/core/traffic/scenario.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import type { Asked, Reply } from '../../../src/ports/traffic.ts'

const identity: Identity = {
  server: { kind: 'header', name: 'x-server' },
  session: { cookie: 'SID', url: 'sid', route: 'none' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  trustsSilence: false,
  names: new Map(),
  routes: null,
}

/** A balancer of its own: what it was asked, and how many requests it had at once. */
const fake = (answer: (asked: Asked) => Reply) => {
  const asked: Asked[] = []
  let [now, most] = [0, 0]
  const underWay = new Map<number, number>()
  let all = 0
  const abort = new AbortController()
  const mostOfOne = { count: 0 }
  const road: Road = {
    line: {
      ask: async (one) => {
        asked.push(one)
        all++
        underWay.set(one.client, (underWay.get(one.client) ?? 0) + 1)
        most = Math.max(most, all)
        mostOfOne.count = Math.max(mostOfOne.count, underWay.get(one.client) ?? 0)
        await new Promise((next) => setImmediate(next))
        now++
        all--
        underWay.set(one.client, (underWay.get(one.client) ?? 0) - 1)
        return answer(one)
      },
      close: () => undefined,
    },
    place: { path: '/', host: '127.0.0.1', isTls: false, hasManyAddresses: true },
    identity,
    load: { concurrency: 3, rate: null },
    clock: {
      ticks: () => now,
      now: () => 0,
      wait: async (milliseconds) => {
        now += milliseconds
        await new Promise((next) => setImmediate(next))
      },
    },
    signal: abort.signal,
  }
  return {
    road,
    asked,
    abort,
    mostAtOnce: () => most,
    mostOfOne: () => mostOfOne.count,
    now: () => now,
  }
}

const ok: Reply = {
  answer: {
    status: 200,
    headers: new Map([
      ['x-server', ['a']],
      ['set-cookie', ['SID=s; Path=/']],
    ]),
    body: '',
  },
  problem: null,
}

const nothingHappens: Happen = () => Promise.reject(new Error('no event was expected'))

const behaviourOf = (name: ScenarioName, clients: number, requests: number) => {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(name)
  return scenario.behaviour({ clients, requests })
}

describe('driving a scenario', () => {
  test('each client asks as often as it should, with the cookies of the answers before', async () => {
    const { road, asked, mostAtOnce, mostOfOne } = fake(() => ok)
    const { observations } = await drive(behaviourOf('sticky', 10, 4), road, nothingHappens)
    expect(observations).toHaveLength(40)
    expect(mostAtOnce()).toBeLessThanOrEqual(3)
    expect(mostOfOne()).toBe(1)
    for (let client = 0; client < 10; client++) {
      const own = asked.filter((one) => one.client === client)
      expect(own.map(({ headers }) => headers['Cookie'])).toEqual([
        undefined,
        'SID=s',
        'SID=s',
        'SID=s',
      ])
    }
  })

  test('browsers ask several times at once, after a first answer', async () => {
    const { road, asked, mostOfOne } = fake(() => ok)
    await drive(behaviourOf('parallel', 10, 20), road, nothingHappens)
    expect(mostOfOne()).toBeGreaterThan(1)
    expect(asked.filter(({ headers }) => headers['Cookie'] === undefined)).toHaveLength(2)
  })

  test.each([2, 3, 5, 6])(
    'servers that take turns, %i of them, are not taken for servers that keep their clients',
    async (servers) => {
      for (const name of ['sticky', 'parallel', 'url', 'cdn'] as const) {
        let turn = 0
        const { road } = fake(() => ({
          answer: {
            status: 200,
            headers: new Map([['x-server', [`s${turn++ % servers}`]]]),
            body: '',
          },
          problem: null,
        }))
        const seen = await drive(behaviourOf(name, 60, 20), road, nothingHappens)
        expect(figuresOf(seen, null).shares.sticky).toBeLessThan(1 / servers + 0.2)
      }
    },
  )

  test('no more requests a second than allowed', async () => {
    const { road, now } = fake(() => ok)
    const slow = { ...road, load: { concurrency: 3, rate: 2 } }
    await drive(behaviourOf('spread', 10, 1), slow, nothingHappens)
    expect(now()).toBeGreaterThanOrEqual(9 * 500)
  })

  test('clients go on asking while something happens, and newcomers come after it', async () => {
    const { road, asked } = fake(() => ok)
    const happen: Happen = async () => {
      const before = asked.length
      while (asked.length < before + 8) await new Promise((next) => setImmediate(next))
      return 'a'
    }
    const { observations, happenings } = await drive(behaviourOf('drain', 4, 2), road, happen)
    const count = (phase: string) => observations.filter((one) => one.phase === phase).length
    expect(count('before')).toBe(12)
    expect(count('during')).toBeGreaterThanOrEqual(8)
    expect(count('after')).toBe(8)
    expect(count('newcomers')).toBe(4)
    expect(happenings).toMatchObject([{ event: 'drain-server', server: 'a' }])
    const newcomers = observations.filter(({ phase }) => phase === 'newcomers')
    expect(newcomers.map(({ client }) => client).sort()).toEqual([4, 5, 6, 7])
  })

  test('an event that fails ends it', async () => {
    const { road } = fake(() => ok)
    const happen: Happen = () => Promise.reject(new Error('it would not die'))
    await expect(drive(behaviourOf('kill', 4, 2), road, happen)).rejects.toThrow('it would not die')
  })

  test('an interruption ends it at once', async () => {
    const { road, asked, abort } = fake(() => {
      if (asked.length === 5) abort.abort()
      return ok
    })
    await expect(drive(behaviourOf('sticky', 100, 50), road, nothingHappens)).rejects.toThrow()
    expect(asked.length).toBeLessThan(10)
  })
})
