import { describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { startLoad } from './support/load.ts'
import { overPatched, overVariants } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { statusOf } from './support/status.ts'
import { startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

const expected = /exited on signal 9/

const activeOf = async (balancer: Balancer): Promise<readonly number[]> =>
  (await statusOf(balancer, 'app')).servers.map(({ active }) => active)

/** Whether there are as many workers as before, and another one. */
const isNew = (balancer: Balancer, before: readonly number[]): boolean => {
  const now = balancer.workers()
  return now.length === before.length && now.at(-1) !== before.at(-1)
}

const isIdle = async (balancer: Balancer): Promise<boolean> =>
  (await activeOf(balancer)).every((active) => active === 0)

overVariants('some', (variant) => {
  describe('kill -9 of a worker', () => {
    test.for([
      ['without zone', []],
      ['with zone', ['zone app 128k;']],
    ] as const)('during 1,000 requests: the counters are corrected, %s', async ([, lines]) => {
      const stubs = await startStubs('a', 'b', 'c')
      const upstreams = { app: [...lines, ...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2, expected })
      const load = startLoad(10, (turn) =>
        balancer.ask('app', pinned(['a', 'b', 'c'][turn % 3] ?? 'a')),
      )
      for (const third of [1, 2, 3]) {
        await until(`${third * 300} requests`, () => load.answers() > third * 300)
        // Some are under way in it for sure.
        const held = Array.from({ length: 8 }, () =>
          balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null),
        )
        await until('they are held', () => stubs[1].held() >= 8)
        const before = balancer.workers()
        process.kill(before[third % 2] ?? 0, 'SIGKILL')
        await until('another one is there', () => isNew(balancer, before))
        stubs[1].release()
        await Promise.all(held)
      }
      await until('1,000 requests', () => load.answers() >= 1_000)
      await load.stop()
      await until('nothing is active', () => isIdle(balancer))
      for (const id of ['a', 'b', 'c']) {
        expect(seen(await askTimes(balancer, 4, pinned(id)))).toEqual(allBy(id))
      }
      expect(await activeOf(balancer)).toEqual([0, 0, 0])
    })

    test('requests of another worker still count', async () => {
      const stubs = await startStubs('a', 'b')
      const upstreams = { app: [...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2, expected })
      const held = Array.from({ length: 24 }, () =>
        balancer.ask('app', { ...pinned('a'), hold: true }).catch(() => null),
      )
      await stubs[0].holds(24)
      const before = balancer.workers()
      process.kill(before[0] ?? 0, 'SIGKILL')
      await until('a new one is there', () => isNew(balancer, before))
      await until('the counter is what is left', async () => {
        const [active] = await activeOf(balancer)
        return active === stubs[0].held()
      })
      stubs[0].release()
      await Promise.all(held)
      await until('nothing is active', () => isIdle(balancer))
    })
  })
})

overPatched('some', (variant) => {
  describe('kill -9 of a worker', () => {
    test('no server stays busy forever', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = members(variant, [a, { ...named(b), patched: 'max_busy=2' }])
      const upstreams = { app: [...servers, route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 1, expected })
      for (let round = 0; round < 3; round++) {
        const held = [0, 1].map(() =>
          balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null),
        )
        await b.holds(2)
        expect((await balancer.ask('app', pinned('b'))).by).toBe('a')
        process.kill(balancer.workers()[0] ?? 0, 'SIGKILL')
        await Promise.all(held)
        await until('b serves again', async () => {
          const answer = await balancer.ask('app', pinned('b')).catch(() => null)
          return answer?.by === 'b'
        })
      }
    })

    test('max_busy is still enforced for the other workers', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = members(variant, [a, { ...named(b), patched: 'max_busy=3' }])
      const upstreams = { app: [...servers, route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2, expected })
      for (let round = 0; round < 3; round++) {
        const held: Promise<unknown>[] = []
        const holdOne = async (): Promise<void> => {
          const before = a.count() + b.count()
          held.push(balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null))
          await until('it is held', () => a.count() + b.count() > before)
        }
        for (let count = 0; count < 8; count++) await holdOne()
        expect(b.held()).toBe(3)
        const before = balancer.workers()
        process.kill(before[round % 2] ?? 0, 'SIGKILL')
        await until('another one is there', () => isNew(balancer, before))
        await until('b has three again, and others go elsewhere', async () => {
          await holdOne()
          return b.held() === 3 && a.held() > 6
        })
        for (let count = 0; count < 4; count++) await holdOne()
        expect(b.held()).toBe(3)
        a.release()
        b.release()
        await Promise.all(held)
      }
    })
  })
})
