import { describe, expect, test } from 'vitest'
import {
  type DriveOptions,
  runScenario,
  type TriggerEvent,
} from '../../../src/commands/traffic/drive.ts'
import { figuresOf } from '../../../src/core/traffic/figures/figures.ts'
import type { Identification } from '../../../src/core/traffic/identity.ts'
import type { ScenarioName } from '../../../src/core/traffic/scenario.ts'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import type {
  HttpClient,
  HttpRequest,
  HttpResult,
  WebSocketConnection,
} from '../../../src/ports/traffic.ts'
import { sizeOf } from './sizes.ts'

const identification: Identification = {
  server: { kind: 'header', name: 'x-server' },
  session: { cookie: 'SID', url: 'sid', route: 'none' },
  sessionBy: null,
  hasChangingIds: false,
  count: null,
  cookieNamesServer: false,
  serverNames: new Map(),
  routes: null,
}

/** Closed by the balancer after so long without a message. */
const longestIdleMs = 30

const fakeConnection = (idleMs: () => number): WebSocketConnection => ({
  ping: async () => idleMs() < longestIdleMs,
  closedMs: () => (idleMs() < longestIdleMs ? null : longestIdleMs),
  close: () => undefined,
})

/** A simulated balancer: its requests, and how many of them were concurrent. */
const fake = (answer: (asked: HttpRequest) => HttpResult) => {
  const asked: HttpRequest[] = []
  let [now, most] = [0, 0]
  const underWay = new Map<number, number>()
  let all = 0
  const abort = new AbortController()
  const mostOfOne = { count: 0 }
  const client: HttpClient = {
    send: async (one) => {
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
    upgrade: async (one) => {
      asked.push(one)
      const result = answer(one)
      const isOpen = now
      return result.response?.status === 101
        ? { ...result, connection: fakeConnection(() => now - isOpen) }
        : { ...result, connection: null }
    },
    close: () => undefined,
  }
  const endpoint = {
    path: '/',
    upgradePath: '/live/',
    host: '127.0.0.1',
    isTls: false,
    hasManyAddresses: true,
  }
  const options: DriveOptions = {
    entries: [{ client, endpoint, identification, site: 0 }],
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
    options,
    asked,
    abort,
    mostAtOnce: () => most,
    mostOfOne: () => mostOfOne.count,
    now: () => now,
  }
}

const ok: HttpResult = {
  response: {
    status: 200,
    headers: new Map([
      ['x-server', ['a']],
      ['set-cookie', ['SID=s; Path=/']],
    ]),
    body: '',
  },
  failure: null,
}

const nothingHappens: TriggerEvent = () => Promise.reject(new Error('no event was expected'))

const behaviourOf = (name: ScenarioName, clients: number, requests: number) => {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(name)
  return scenario.behaviour(sizeOf(clients, requests))
}

describe('driving a scenario', () => {
  test('each client sends its number of requests, with the cookies of the previous responses', async () => {
    const { options, asked, mostAtOnce, mostOfOne } = fake(() => ok)
    const { observations } = await runScenario(
      behaviourOf('sticky', 10, 4),
      options,
      nothingHappens,
    )
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

  test('browsers send several requests at once, after a first response', async () => {
    const { options, asked, mostOfOne } = fake(() => ok)
    await runScenario(behaviourOf('parallel', 10, 20), options, nothingHappens)
    expect(mostOfOne()).toBeGreaterThan(1)
    expect(asked.filter(({ headers }) => headers['Cookie'] === undefined)).toHaveLength(2)
  })

  test.each([2, 3, 5, 6])(
    '%i servers in turn are not mistaken for servers that keep their clients',
    async (servers) => {
      for (const name of ['sticky', 'parallel', 'url', 'cdn'] as const) {
        let turn = 0
        const { options } = fake(() => ({
          response: {
            status: 200,
            headers: new Map([['x-server', [`s${turn++ % servers}`]]]),
            body: '',
          },
          failure: null,
        }))
        const seen = await runScenario(behaviourOf(name, 60, 20), options, nothingHappens)
        expect(figuresOf(seen, null).shares.sticky).toBeLessThan(1 / servers + 0.2)
      }
    },
  )

  test('sends no more requests a second than allowed', async () => {
    const { options, now } = fake(() => ok)
    const slow = { ...options, load: { concurrency: 3, rate: 2 } }
    await runScenario(behaviourOf('spread', 10, 1), slow, nothingHappens)
    expect(now()).toBeGreaterThanOrEqual(9 * 500)
  })

  test('clients continue during an event, and new clients arrive after it', async () => {
    const { options, asked } = fake(() => ok)
    const happen: TriggerEvent = async () => {
      const before = asked.length
      while (asked.length < before + 8) await new Promise((next) => setImmediate(next))
      return 'a'
    }
    const { observations, clusterEvents } = await runScenario(
      behaviourOf('drain', 4, 2),
      options,
      happen,
    )
    const count = (phase: string) => observations.filter((one) => one.phase === phase).length
    expect(count('before')).toBe(12)
    expect(count('during')).toBeGreaterThanOrEqual(8)
    expect(count('after')).toBe(8)
    expect(count('newcomers')).toBe(4)
    expect(clusterEvents).toMatchObject([{ event: 'drain-server', server: 'a' }])
    const newcomers = observations.filter(({ phase }) => phase === 'newcomers')
    expect(newcomers.map(({ client }) => client).sort()).toEqual([4, 5, 6, 7])
  })

  test('connections are upgraded with the cookies of the client, and are idle together', async () => {
    const switching: HttpResult = {
      response: { status: 101, headers: new Map([['x-server', ['a']]]), body: '' },
      failure: null,
    }
    const { options, asked, now } = fake(({ path }) => (path === '/live/' ? switching : ok))
    const run = await runScenario(behaviourOf('upgrade', 4, 1), options, nothingHappens)
    const handshakes = asked.filter(({ path }) => path === '/live/')
    expect(handshakes.map(({ headers }) => headers['Cookie'])).toEqual(Array(8).fill('SID=s'))
    // Four connections were idle, the next four were used at once.
    expect(figuresOf(run, null).shares).toMatchObject({ upgraded: 1, open: 0, sticky: 1 })
    expect(figuresOf(run, null).upgrades).toMatchObject({
      requested: 8,
      idle: 4,
      closedMs: longestIdleMs,
    })
    expect(now()).toBeLessThan(100)
  })

  test('a refused upgrade is no idle connection', async () => {
    const { options, now } = fake(() => ok)
    const run = await runScenario(behaviourOf('upgrade', 4, 1), options, nothingHappens)
    expect(figuresOf(run, null).shares).toMatchObject({ upgraded: 0, open: 0, answered: 1 })
    expect(figuresOf(run, null).upgrades?.refusals).toEqual(['200'])
    expect(now()).toBeLessThan(50)
  })

  test('the others continue while one client waits for a slow answer', async () => {
    const { options, asked } = fake(() => ok)
    const { observations } = await runScenario(behaviourOf('slow', 4, 1), options, nothingHappens)
    expect(asked.filter(({ path }) => path === '/?wait=40')).toMatchObject([{ client: 0 }])
    const during = observations.filter(({ phase }) => phase === 'during')
    expect(new Set(during.map(({ client }) => client))).toEqual(new Set([0, 1, 2, 3]))
  })

  test('a failed event ends it', async () => {
    const { options } = fake(() => ok)
    const happen: TriggerEvent = () => Promise.reject(new Error('it would not die'))
    await expect(runScenario(behaviourOf('kill', 4, 2), options, happen)).rejects.toThrow(
      'it would not die',
    )
  })

  test('an interruption ends it immediately', async () => {
    const { options, asked, abort } = fake(() => {
      if (asked.length === 5) abort.abort()
      return ok
    })
    await expect(
      runScenario(behaviourOf('sticky', 100, 50), options, nothingHappens),
    ).rejects.toThrow()
    expect(asked.length).toBeLessThan(10)
  })
})
