import { beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { askTimes, pinned, route } from './support/pinned.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

/** All orders of these. */
const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) =>
        permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
      )

type Part = 'servers' | 'jvm_route' | 'keepalive' | 'zone'
const orders = permutations<Part>(['servers', 'jvm_route', 'keepalive', 'zone'])
const nameOf = (order: readonly Part[]): string => order.join('-')

overVariants('everywhere', (variant) => {
  describe('the order within the block does not matter', () => {
    let balancer: Balancer
    let stubs: readonly [Stub, Stub, Stub, Stub]
    const hasMaxConns = isFrom(variant, '1.11.5')

    beforeAll(async () => {
      stubs = await startStubs('a', 'b', 'c', 'y')
      const [a, b, c, y] = stubs
      const parts = (zone: string): Readonly<Record<Part, readonly string[]>> => ({
        servers: members(variant, [
          named(a, 'weight=3'),
          named(b, hasMaxConns ? 'max_conns=2' : ''),
          named(c, 'down'),
          named(y, 'backup'),
        ]),
        jvm_route: [route],
        keepalive: ['keepalive 16;'],
        zone: [`zone ${zone} 128k;`],
      })
      const upstreams = Object.fromEntries(
        orders.map((order, index) => [
          nameOf(order),
          order.flatMap((part) => parts(`zone${index}`)[part]),
        ]),
      )
      balancer = await startBalancer(variant, { stubs, upstreams })
    })

    test.for(orders.map(nameOf))('%s', async (upstream) => {
      const [a, b, , y] = stubs
      // The weights are 3 and 1.
      const shares = await askTimes(balancer, 8, {}, upstream)
      expect(shares.filter(({ by }) => by === 'a')).toHaveLength(6)
      expect(shares.filter(({ by }) => by === 'b')).toHaveLength(2)
      // Sessions are pinned, those of a server that is down or a backup go elsewhere.
      const fates = { a: 'a HIT', b: 'b HIT', c: 'FAILOVER', y: 'FAILOVER', z: 'MISS' }
      for (const [id, fate] of Object.entries(fates)) {
        const { by, verdict } = await balancer.ask(upstream, pinned(id))
        expect(fate.includes(' ') ? `${by} ${verdict}` : verdict).toBe(fate)
        expect(['a', 'b']).toContain(by)
      }
      expect(y.count()).toBe(0)
      // One connection to each was enough.
      const before = [a.connections(), b.connections()]
      for (let index = 0; index < 3; index++) {
        await balancer.ask(upstream, pinned('a'))
        await balancer.ask(upstream, pinned('b'))
      }
      expect([a.connections(), b.connections()]).toEqual(before)
      if (hasMaxConns) {
        const held = [0, 1].map(() => balancer.ask(upstream, { ...pinned('b'), hold: true }))
        await b.holds(2)
        expect(await balancer.ask(upstream, pinned('b'))).toMatchObject({
          by: 'a',
          verdict: 'FAILOVER',
        })
        b.release()
        await Promise.all(held)
      }
    })

    test('and the backup is used in each order', async () => {
      const [a, b, , y] = stubs
      await a.kill()
      await b.kill()
      for (const order of orders) {
        const { by, status } = await balancer.ask(nameOf(order))
        expect({ by, status, order }).toEqual({ by: 'y', status: 200, order })
        expect((await balancer.ask(nameOf(order), pinned('y'))).by).toBe('y')
      }
      await a.revive()
      await b.revive()
      expect(y.count()).toBe(2 * orders.length)
    })
  })

  describe('with a method before jvm_route, the rest in any order', () => {
    const after = permutations<Part>(['servers', 'jvm_route', 'keepalive'])

    test.for(['least_conn;', 'hash $http_x_key;', 'ip_hash;'])('%s', async (method) => {
      const stubs = await startStubs('a', 'b')
      const parts = {
        servers: members(variant, stubs),
        jvm_route: [route],
        keepalive: ['keepalive 16;'],
        zone: [],
      }
      const upstreams = Object.fromEntries(
        after.map((order) => [nameOf(order), [method, ...order.flatMap((part) => parts[part])]]),
      )
      const balancer = await startBalancer(variant, { stubs, upstreams })
      for (const order of after) {
        for (const id of ['a', 'b', 'b', 'a']) {
          expect((await balancer.ask(nameOf(order), pinned(id))).by).toBe(id)
        }
        const before = stubs.map((stub) => stub.connections())
        for (const id of ['a', 'b', 'a']) await balancer.ask(nameOf(order), pinned(id))
        expect(stubs.map((stub) => stub.connections())).toEqual(before)
      }
    })
  })

  describe('a route set outside of the server directive', () => {
    test('can be set before it, after it, or anywhere in the block', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = [`server ${a.address};`, `server ${b.address};`]
      const ids = [`srun_id a ${a.address};`, `srun_id b ${b.address};`]
      const blocks = permutations([servers, ids, [route]])
      const upstreams = Object.fromEntries(
        blocks.map((block, index) => [`order${index}`, block.flat()]),
      )
      const balancer = await startBalancer(variant, { stubs, upstreams })
      for (const upstream of Object.keys(upstreams)) {
        for (const id of ['a', 'b', 'b', 'a']) {
          expect(await balancer.ask(upstream, pinned(id))).toMatchObject({ by: id, verdict: 'HIT' })
        }
      }
    })
  })
})
