import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { statusOf } from './support/status.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

overVariants('some', (variant) => {
  describe.each([1, 4])('%i workers', (workers) => {
    test('every worker pins, and the counters include all workers', async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const [a, b, c] = stubs
      const servers = members(variant, [a, named(b, 'max_fails=0'), c])
      const balancer = await startBalancer(variant, {
        stubs,
        upstreams: { app: [...servers, route] },
        workers,
        listen: workers > 1 && isFrom(variant, '1.9.1') ? 'reuseport' : '',
      })
      const ids = Array.from({ length: 300 }, (_, index) => ['a', 'b', 'c'][index % 3] ?? '')
      const answers = await Promise.all(ids.map((id) => balancer.ask('app', pinned(id))))
      expect(answers.map(({ by }) => by)).toEqual(ids)
      const pids = new Set(answers.map(({ pid }) => pid))
      if (workers > 1) expect(pids.size).toBeGreaterThan(1)
      await b.kill()
      const failing = await Promise.all(
        ids.slice(0, 40).map(() => balancer.ask('app', pinned('b'))),
      )
      expect(failing.every(({ status }) => status === 200)).toBe(true)

      const { servers: rows } = await statusOf(balancer, 'app')
      expect(rows.map(({ srun_id: id, hits, active }) => ({ id, hits, active }))).toEqual([
        { id: 'a', hits: 100, active: 0 },
        { id: 'b', hits: 140, active: 0 },
        { id: 'c', hits: 100, active: 0 },
      ])
      const sum = (field: 'requests' | 'failures' | 'failovers'): number =>
        rows.reduce((total, row) => total + row[field], 0)
      // 300, and 40 that were tried twice.
      expect(sum('requests')).toBe(380)
      expect(rows.map(({ failures }) => failures)).toEqual([0, 40, 0])
      expect(sum('failovers')).toBe(40)
    })

    test('active is the number of requests of all workers', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const balancer = await startBalancer(variant, {
        stubs,
        upstreams: { app: [...members(variant, stubs), route] },
        workers,
        listen: workers > 1 && isFrom(variant, '1.9.1') ? 'reuseport' : '',
      })
      const held = Array.from({ length: 30 }, (_, index) =>
        balancer.ask('app', { ...pinned(index < 20 ? 'a' : 'b'), hold: true }),
      )
      await a.holds(20)
      await b.holds(10)
      const active = async () =>
        (await statusOf(balancer, 'app')).servers.map((server) => server.active)
      expect(await active()).toEqual([20, 10])
      b.release()
      await Promise.all(held.slice(20))
      expect(await active()).toEqual([20, 0])
      a.release()
      await Promise.all(held)
      expect(await active()).toEqual([0, 0])
    })
  })
})
