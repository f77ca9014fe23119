import { beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { askTimes, pinned, route, seen } from './support/pinned.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { member, members, named } from './support/upstream.ts'

interface Method {
  readonly lines: readonly string[]
  readonly since?: string
  /** The server of a request does not depend on the previous request. */
  readonly isRandom?: true
}

const methods: Readonly<Record<string, Method>> = {
  'round robin': { lines: [] },
  'round robin with zone': { lines: ['zone $name 256k;'] },
  least_conn: { lines: ['least_conn;'] },
  'least_conn with zone': { lines: ['zone $name 256k;', 'least_conn;'] },
  ip_hash: { lines: ['ip_hash;'] },
  'ip_hash with zone': { lines: ['ip_hash;', 'zone $name 256k;'] },
  hash: { lines: ['hash $http_x_key;'] },
  'hash consistent': { lines: ['hash $http_x_key consistent;'] },
  'hash consistent with zone': { lines: ['zone $name 256k;', 'hash $http_x_key consistent;'] },
  random: { lines: ['random;'], since: '1.15.1', isRandom: true },
  'random two': {
    lines: ['zone $name 256k;', 'random two least_conn;'],
    since: '1.15.1',
    isRandom: true,
  },
  least_time: { lines: ['least_time header;'], since: '1.31.0', isRandom: true },
}

const nameOf = (method: string, kind: string): string => `${method.replaceAll(' ', '-')}-${kind}`

overVariants('everywhere', (variant) => {
  const known = Object.entries(methods).filter(
    ([, { since }]) => since === undefined || isFrom(variant, since),
  )
  let balancer: Balancer
  let stubs: readonly [Stub, Stub, Stub, Stub]

  beforeAll(async () => {
    stubs = await startStubs('a', 'b', 'c', 'd')
    const [a, b, c, d] = stubs
    const block = (kind: string, [name, { lines }]: readonly [string, Method]) => {
      const own = lines.map((line) => line.replace('$name', nameOf(name, kind)))
      const servers = [named(a, 'weight=3'), named(b), named(c, 'weight=2'), named(d, 'down')]
      return kind === 'plain'
        ? [...own, ...servers.flatMap(({ at, more }) => member(variant, { at, more: more ?? '' }))]
        : [...own, ...members(variant, servers), route]
    }
    const upstreams = known.flatMap((method) =>
      ['plain', 'alike', 'pinned', 'mixed'].map((kind) => [
        nameOf(method[0], kind),
        block(kind, method),
      ]),
    )
    balancer = await startBalancer(variant, { stubs, upstreams: Object.fromEntries(upstreams) })
  })

  describe.each(known)('with the method %s', (name, { isRandom }) => {
    test('a session is pinned', async () => {
      for (const id of ['a', 'b', 'c', 'b', 'b', 'c', 'a']) {
        const answer = await balancer.ask(nameOf(name, 'pinned'), pinned(id))
        expect(answer).toMatchObject({ by: id, verdict: 'HIT', route: id })
      }
    })

    test.skipIf(isRandom)(
      'requests without a session are balanced as without the module',
      async () => {
        // Where a consistent hash puts a key depends on the ports, and these are never the same:
        // of 24 keys, one time in eighty, none belongs to the server with a sixth of the weight.
        let requests = 24
        const orders = []
        for (const kind of ['plain', 'alike']) {
          const order: string[] = []
          for (let index = 0; index < requests; index++) {
            const from = `127.0.${index}.1`
            const headers = { 'X-Key': `key${index}` }
            const { by, verdict } = await balancer.ask(nameOf(name, kind), { from, headers })
            order.push(by)
            expect(verdict).toBe(kind === 'plain' ? '' : 'NEW')
            if (index === requests - 1 && new Set(order).size < 3 && requests < 160) requests += 8
          }
          orders.push(order)
        }
        const [plain = [], alike = []] = orders
        expect(alike).toEqual(plain)
        expect(new Set(alike).size).toBe(3)
      },
    )

    test('an unknown route and a server that is down are balanced by the method', async () => {
      for (const id of ['z', 'd']) {
        const headers = { 'X-Key': 'key1' }
        const answers = await askTimes(
          balancer,
          8,
          { ...pinned(id), headers },
          nameOf(name, 'mixed'),
        )
        expect(seen(answers)).toMatchObject({
          status: '200',
          verdict: id === 'z' ? 'MISS' : 'FAILOVER',
          route: id,
        })
        if (name.startsWith('hash') || name.startsWith('ip_hash')) {
          expect(new Set(answers.map(({ by }) => by)).size).toBe(1)
        }
      }
    })
  })

  describe('methods for requests without a session', () => {
    test('least_conn counts the connections of pinned requests', async () => {
      const upstream = nameOf('least_conn', 'mixed')
      const held = Array.from({ length: 6 }, () =>
        balancer.ask(upstream, { ...pinned('a'), hold: true }),
      )
      await stubs[0].holds(6)
      // Weights are 3, 1 and 2: a has 6/3, so three go to b and c before it is a's turn again.
      expect(seen(await askTimes(balancer, 6, {}, upstream)).by).toBe('b c')
      stubs[0].release()
      await Promise.all(held)
    })

    test.skipIf(!isFrom(variant, '1.15.1'))(
      'random spreads them over all servers that are up',
      async () => {
        // None of them comes to the server with a sixth of the weight once in three thousand million times.
        const answers = await askTimes(balancer, 120, {}, nameOf('random', 'pinned'))
        expect(seen(answers)).toMatchObject({ by: 'a b c', verdict: 'NEW' })
      },
    )

    test('pinned requests count towards the weights', async () => {
      const own = await startStubs('a', 'b')
      const alone = await startBalancer(variant, {
        stubs: own,
        upstreams: { app: [...members(variant, own), route] },
      })
      const others: string[] = []
      for (let index = 0; index < 12; index++) {
        expect((await alone.ask('app', pinned('a'))).by).toBe('a')
        others.push((await alone.ask('app')).by)
      }
      // Without the pinned ones they would alternate.
      expect(others.filter((by) => by === 'b').length).toBeGreaterThanOrEqual(11)
    })
  })
})
