import { describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { type Member, members, named } from './support/upstream.ts'

const zones: readonly (readonly [string, readonly string[]])[] = [
  ['without zone', []],
  ['with zone', ['zone app 256k;']],
]

overVariants('some', (variant) => {
  describe.each(zones)('%s', (_, zone) => {
    /** The upstream `app` with three stubs; `b` as `member` makes it. */
    const start = async (
      b: (stub: Stub) => Member,
    ): Promise<Readonly<Record<'a' | 'b' | 'c', Stub>> & { readonly balancer: Balancer }> => {
      const stubs = await startStubs('a', 'b', 'c')
      const servers = [stubs[0], b(stubs[1]), stubs[2]]
      const app = [...zone, ...members(variant, servers), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      return { a: stubs[0], b: stubs[1], c: stubs[2], balancer }
    }

    test('after a failure the next server is used, and the failed one is skipped for fail_timeout', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=1 fail_timeout=1h'))
      await b.kill()
      const first = await balancer.ask('app', pinned('b'))
      expect(first).toMatchObject({ status: 200, verdict: 'FAILOVER', route: 'b' })
      expect(first.tried).toEqual(['b', first.by])
      const second = await balancer.ask('app', pinned('b'))
      expect(second).toMatchObject({ status: 200, verdict: 'FAILOVER', route: 'b' })
      expect(second.tried).toEqual([second.by])
    })

    test('a failed server is tried again after fail_timeout', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=1 fail_timeout=1s'))
      await b.kill()
      const { tried, by } = await balancer.ask('app', pinned('b'))
      expect(tried).toEqual(['b', by])
      await b.revive()
      await until(
        'b is tried again',
        async () => (await balancer.ask('app', pinned('b'))).by === 'b',
      )
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
    })

    test('a success after fail_timeout clears the failures', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=2 fail_timeout=1s'))
      const fail = async (): Promise<void> => {
        await b.kill()
        expect((await balancer.ask('app', pinned('b'))).tried).toHaveLength(2)
        await b.revive()
      }
      const rest = () => new Promise((resolve) => setTimeout(resolve, 2_100))
      await fail()
      await rest()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
      await fail()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
    })

    test('when all servers have failed: 502, and service again after fail_timeout', async () => {
      const { balancer, a, b, c } = await start((stub) => named(stub, 'fail_timeout=1s'))
      for (const stub of [a, b, c]) await stub.kill()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ status: 502 })
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ status: 502 })
      for (const stub of [a, b, c]) await stub.revive()
      await until('b is back', async () => (await balancer.ask('app', pinned('b'))).by === 'b')
    })
  })
})
