import { expect, test } from 'vitest'
import { drive } from '../../../src/commands/diff/prove/traffic.ts'
import type { Context } from '../../../src/context.ts'
import { entryPointOf } from '../../../src/core/lab/entry-point.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { measured } from '../../../src/core/prove/measure.ts'
import { directly, groupsOf } from '../../../src/core/prove/population.ts'
import { pairsIn } from '../../../src/core/review/index.ts'
import type { HttpClient, HttpRequest, TrafficWorld } from '../../../src/ports/traffic.ts'

const { cluster } = resolveSpec(
  readSpec(
    'shop.yaml',
    `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends:
  web: { listen: [80], locations: [{ match: /, upstream: shop }, { match: /api/, upstream: api }] }
upstreams:
  api: { affinity: { method: ip_hash }, servers: { one: "10.0.0.1:80", two: "10.0.0.2:80" } }
  shop: { affinity: { method: ip_hash }, servers: { one: "10.0.0.3:80", two: "10.0.0.4:80" } }
`,
  ),
  {},
)

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A server for each address; the sessions of "/" move with the change, those of "/api/" do not. */
const world = () => {
  const sessions = new Map<string, number>()
  const requests: { readonly path: string; readonly client: number; readonly isAfter: boolean }[] =
    []
  let isAfter = false
  const send = async ({ path, headers, client }: HttpRequest) => {
    await wait(0)
    requests.push({ path, client, isAfter })
    const moves = isAfter && !path.startsWith('/api/') && client % 4 === 0
    const server = (client % 2 === 0) === moves ? 'two' : 'one'
    const [, sent = ''] = /=(\w+)/.exec(headers['Cookie'] ?? '') ?? []
    const isKnown = sessions.has(sent) && sent.startsWith(server)
    const id = isKnown ? sent : `${server}x${sessions.size}`
    const count = (sessions.get(id) ?? 0) + 1
    sessions.set(id, count)
    const [, name = ''] = /^([^=]+)=/.exec(headers['Cookie'] ?? '') ?? []
    const cookie = path.startsWith('/api/') ? 'lab_api' : 'lab_shop'
    expect(['', cookie]).toContain(name)
    return {
      response: {
        status: 200,
        headers: new Map([
          ['x-lab-server', [server]],
          ['set-cookie', [`${cookie}=${id}; Path=/`]],
        ]),
        body: JSON.stringify({ session: id, count }),
      },
      failure: null,
    }
  }
  const client: HttpClient = {
    send,
    upgrade: () => Promise.reject(new Error('no upgrades')),
    close: () => undefined,
  }
  const traffic: TrafficWorld = {
    withTimeLimit: (pattern) => pattern,
    openClient: () => client,
    addressesOf: async () => [],
    hasAddress: async () => true,
    clock: { now: () => Date.now(), ticks: () => performance.now(), wait },
    every: () => () => undefined,
    screen: { isTerminal: false, columns: 80, write: () => undefined },
  }
  return {
    requests,
    change: () => {
      isAfter = true
    },
    context: {
      traffic: async () => traffic,
      signal: new AbortController().signal,
    } as Partial<Context> as Context,
  }
}

test('the change is applied once for all upstreams, under the requests of the busy clients only', async () => {
  if (cluster === null) throw new Error('no cluster')
  const { requests, change, context } = world()
  const groups = groupsOf(40)
  const upstreams = pairsIn({ before: cluster, after: cluster }).flatMap((pair) => {
    const entryPoint = entryPointOf(cluster, pair.before)
    return entryPoint === null ? [] : [{ pair, arrival: directly, entryPoint, reason: null }]
  })
  expect(upstreams.map(({ pair }) => pair.after.name)).toEqual(['api', 'shop'])
  let times = 0
  const runs = await drive(upstreams, groups, context, async (rounds) => {
    times += 1
    await rounds(1)
    change()
    await rounds(2)
  })
  expect(times).toBe(1)
  const homes = { before: (name: string) => name, after: (name: string) => name }
  const [api, shop] = runs.map((run) => measured(run, groups, homes))
  expect(api).toEqual({ moved: 0, lost: 0 })
  expect(shop).toEqual({ moved: 5 / 20, lost: 5 / 20 })

  const countsOf = (numbers: readonly number[], isAfter: boolean): readonly number[] =>
    numbers.map(
      (number) =>
        requests.filter((one) => one.client === number && one.isAfter === isAfter).length / 2,
    )
  // Each has logged in, and the busy ones have sent requests before and after the change.
  expect(new Set(countsOf(groups.waiting, false))).toEqual(new Set([1]))
  expect(new Set(countsOf(groups.waiting, true))).toEqual(new Set([1]))
  expect(Math.min(...countsOf(groups.busy, false))).toBeGreaterThanOrEqual(2)
  expect(Math.min(...countsOf(groups.busy, true))).toBeGreaterThanOrEqual(3)
})

test('a change that fails ends the requests with its error', async () => {
  if (cluster === null) throw new Error('no cluster')
  const { context } = world()
  const [pair] = pairsIn({ before: cluster, after: cluster })
  const entryPoint = pair === undefined ? null : entryPointOf(cluster, pair.before)
  if (pair === undefined || entryPoint === null) throw new Error('no upstream')
  const upstreams = [{ pair, arrival: directly, entryPoint, reason: null }]
  await expect(
    drive(upstreams, groupsOf(4), context, async () => {
      throw new Error('app3 does not start')
    }),
  ).rejects.toThrow('app3 does not start')
})
