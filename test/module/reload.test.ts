import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { startLoad } from './support/load.ts'
import { memoryOf } from './support/memory.ts'
import { overVariant, overVariants, type Variant } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

/** More than that is not noise: a page a reload would be 4 MB. */
const allowance = 1_000_000

overVariants('some', (variant) => {
  describe('reload', () => {
    test('servers are added, removed and changed under load without a failed request', async () => {
      const stubs = await startStubs('a', 'b', 'c', 'd')
      const [a, b, c, d] = stubs
      const blocks = [
        [a, b, c],
        [c, b, a],
        [a, c],
        [d, a, named(b, 'weight=3'), c],
        [a, named(b, 'down'), c, d],
        [a, b, named(c, 'backup')],
      ].map((servers) => ({ app: ['zone app 128k;', ...members(variant, servers), route] }))
      const first = blocks[0] ?? { app: [] }
      const balancer = await startBalancer(variant, { stubs, upstreams: first, workers: 2 })
      const load = startLoad(6, (turn) =>
        balancer.ask('app', pinned(['a', 'b', 'c', 'd', 'z'][turn % 5] ?? 'a')),
      )
      for (let round = 0; round < 2; round++) {
        for (const upstreams of blocks) await balancer.reload({ upstreams, workers: 2 })
      }
      await balancer.reload({ upstreams: first, workers: 2 })
      await load.stop()
      expect(load.failures()).toEqual({})
      for (const id of ['a', 'b', 'c']) {
        expect(seen(await askTimes(balancer, 2, pinned(id)))).toEqual(allBy(id))
      }
    })

    test('a refused configuration changes nothing', async () => {
      const stubs = await startStubs('a', 'b')
      const good = { app: [...members(variant, stubs), route] }
      const expected = /\[emerg\]/
      const balancer = await startBalancer(variant, { stubs, upstreams: good, expected })
      const bad = { app: [...members(variant, stubs), route, route] }
      for (let index = 0; index < 5; index++) await balancer.refuse({ upstreams: bad })
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
      await balancer.reload({ upstreams: good })
      expect(seen(await askTimes(balancer, 3, pinned('a')))).toEqual(allBy('a'))
    })

    test('from no jvm_route to jvm_route and back', async () => {
      const stubs = await startStubs('a', 'b')
      const plain = { app: stubs.map(({ address }) => `server ${address};`) }
      const routed = { app: [...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams: plain })
      for (let round = 0; round < 3; round++) {
        await balancer.reload({ upstreams: routed })
        expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
        await balancer.reload({ upstreams: plain })
        expect(seen(await askTimes(balancer, 4, pinned('b'))).by).toBe('a b')
      }
    })

    test('requests in progress end on their server', async () => {
      const stubs = await startStubs('a', 'b')
      const upstreams = { app: [...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams })
      const held = balancer.ask('app', { ...pinned('b'), hold: true })
      await stubs[1].holds(1)
      for (let round = 0; round < 3; round++) await balancer.reload()
      stubs[1].release()
      expect(await held).toMatchObject({ status: 200, by: 'b', verdict: 'HIT' })
    })
  })
})

const long =
  (reloads: number) =>
  (variant: Variant): void =>
    test(`${reloads} reloads under load lose no request and do not increase memory`, {
      timeout: 600_000,
    }, async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const upstreams = {
        app: ['zone app 128k;', ...members(variant, stubs), route],
        other: ['least_conn;', ...members(variant, stubs), route],
      }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2 })
      const load = startLoad(3, (turn) =>
        balancer.ask(turn % 2 === 0 ? 'app' : 'other', pinned(['a', 'b', 'c'][turn % 3] ?? 'a')),
      )
      const reloadTimes = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index++) await balancer.reload()
      }
      await reloadTimes(Math.ceil(reloads / 10))
      const before = memoryOf(balancer.server.pid)
      const answered = load.answers()
      await reloadTimes(Math.floor((reloads * 9) / 10))
      const after = memoryOf(balancer.server.pid)
      await load.stop()
      expect(load.failures()).toEqual({})
      expect(load.answers() - answered).toBeGreaterThan(reloads)
      expect({ shared: after.shared, mappings: after.mappings, files: after.files }).toEqual({
        shared: before.shared,
        mappings: before.mappings,
        files: before.files,
      })
      expect(after.rss - before.rss).toBeLessThan(allowance)
    })
// A module that is loaded is loaded and unloaded with every reload.
overVariant('1.22', 'distribution', long(Number(process.env['SESSCTL_RELOADS'] ?? 1_000)))
overVariant('1.26', 'static', long(200))
