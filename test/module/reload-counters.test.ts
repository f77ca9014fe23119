import { describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { overPatched, overVariants } from './support/over-variants.ts'
import { askTimes, pinned, route } from './support/pinned.ts'
import { type Status, statusOf } from './support/status.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const counted = async (balancer: Balancer): Promise<Readonly<Record<string, unknown>>> => {
  const { servers }: Status = await statusOf(balancer, 'app')
  return Object.fromEntries(
    servers.map(({ srun_id, requests, hits, failures, failovers, active }) => [
      srun_id,
      { requests, hits, failures, failovers, active },
    ]),
  )
}

const patient = { timeout: 60_000 }
const none = { requests: 0, hits: 0, failures: 0, failovers: 0, active: 0 }

const zones: readonly (readonly [string, readonly string[]])[] = [
  ['without zone', []],
  ['with zone', ['zone app 256k;']],
]

overVariants('some', (variant) => {
  describe.each(zones)('counters after a reload, %s', (_, lines) => {
    test('are kept for the servers that remain', async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const [a, b, c] = stubs
      const block = (...servers: Parameters<typeof members>[1]) => ({
        upstreams: { app: [...lines, ...members(variant, servers), route] },
      })
      const first = block(a, named(b, 'max_fails=0'))
      const balancer = await startBalancer(variant, { stubs, ...first, workers: 2 })
      await askTimes(balancer, 5, pinned('a'))
      await askTimes(balancer, 3, pinned('b'))
      await b.kill()
      await askTimes(balancer, 2, pinned('b'))
      await b.revive()
      const after = {
        a: { ...none, requests: 7, hits: 5 },
        b: { ...none, requests: 5, hits: 5, failures: 2, failovers: 2 },
      }
      expect(await counted(balancer)).toEqual(after)
      const before = await statusOf(balancer, 'app')

      await balancer.reload({ ...first, workers: 2 })
      expect(await counted(balancer)).toEqual(after)
      const same = await statusOf(balancer, 'app')
      expect(same.generation).toBeGreaterThan(before.generation)
      expect(same.servers.map(({ last_request: last }) => last)).toEqual(
        before.servers.map(({ last_request: last }) => last),
      )

      // Another place in the list, and another weight: still the same server.
      await balancer.reload({ ...block(c, named(b, 'weight=2'), a), workers: 2 })
      expect(await counted(balancer)).toEqual({ ...after, c: none })
      await askTimes(balancer, 4, pinned('c'))
      await askTimes(balancer, 1, pinned('a'))

      await balancer.reload({ ...block(a, c), workers: 2 })
      expect(await counted(balancer)).toEqual({
        a: { ...after.a, requests: 8, hits: 6 },
        c: { ...none, requests: 4, hits: 4 },
      })
    })

    test('are kept when a configuration is refused', async () => {
      const stubs = await startStubs('a', 'b')
      const upstreams = { app: [...lines, ...members(variant, stubs), route] }
      const bad = { app: [...members(variant, [stubs[0]]), route, route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, expected: /\[emerg\]/ })
      await askTimes(balancer, 3, pinned('b'))
      const before = await counted(balancer)
      await balancer.refuse({ upstreams: bad })
      expect(await counted(balancer)).toEqual(before)
      await askTimes(balancer, 2, pinned('b'))
      await balancer.reload({ upstreams })
      expect(await counted(balancer)).toEqual({
        a: none,
        b: { ...none, requests: 5, hits: 5 },
      })
    })

    test('requests of an old worker are active until they end', async () => {
      const stubs = await startStubs('a', 'b')
      const upstreams = { app: [...lines, ...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams })
      const held = [0, 1, 2].map(() => balancer.ask('app', { ...pinned('b'), hold: true }))
      await stubs[1].holds(3)
      const b = { ...none, requests: 3, hits: 3, active: 3 }
      for (let round = 0; round < 3; round++) {
        await balancer.reload()
        expect(await counted(balancer)).toEqual({ a: none, b })
      }
      stubs[1].release()
      await Promise.all(held)
      await expect
        .poll(() => counted(balancer), patient)
        .toEqual({ a: none, b: { ...b, active: 0 } })
    })
  })
})

overPatched('some', (variant) => {
  test('max_busy is enforced across a reload, including the old workers', async () => {
    const stubs = await startStubs('a', 'b')
    const [a, b] = stubs
    const servers = members(variant, [a, { ...named(b), patched: 'max_busy=2' }])
    const upstreams = { app: [...servers, route] }
    const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2 })
    const held = [balancer.ask('app', { ...pinned('b'), hold: true })]
    await b.holds(1)
    await balancer.reload()
    held.push(balancer.ask('app', { ...pinned('b'), hold: true }))
    await b.holds(2)
    await balancer.reload()
    expect((await balancer.ask('app', pinned('b'))).by).toBe('a')
    b.release()
    await Promise.all(held)
    await expect.poll(async () => (await balancer.ask('app', pinned('b'))).by, patient).toBe('b')
  })
})
