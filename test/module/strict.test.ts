import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overPatched, overVariants, type Variant } from './support/over-variants.ts'
import { allBy, askTimes, pinned, seen, strictRoute } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const start = async (
  variant: Variant,
  { more = '', lines = [], jvmRoute = strictRoute, location = '' }: Options = {},
) => {
  const stubs = await startStubs('a', 'b', 'c')
  const [a, b, c] = stubs
  const app = [...lines, ...members(variant, [a, named(b, more), c]), jvmRoute]
  const balancer = await startBalancer(variant, { stubs, upstreams: { app }, location })
  return { balancer, a, b, c }
}

interface Options {
  readonly more?: string
  readonly lines?: readonly string[]
  readonly jvmRoute?: string
  readonly location?: string
}

overVariants('some', (variant) => {
  describe('strict', () => {
    test('has no effect while the pinned server responds', async () => {
      const { balancer } = await start(variant)
      for (const name of ['a', 'b', 'c']) {
        expect(seen(await askTimes(balancer, 2, pinned(name)))).toEqual(allBy(name))
      }
      expect(seen(await askTimes(balancer, 6)).by).toBe('a b c')
    })

    test('a dead server: 502 at once, no other server is tried', async () => {
      const { balancer, a, b, c } = await start(variant)
      await b.kill()
      const first = await balancer.ask('app', pinned('b'))
      expect(first).toMatchObject({ status: 502, tried: ['b'], route: 'b', verdict: 'FAILOVER' })
      const second = await balancer.ask('app', pinned('b'))
      expect(second).toMatchObject({ status: 502, route: 'b', verdict: 'FAILOVER' })
      expect(second.tried).not.toContain('a')
      expect([a, c].map((stub) => stub.count())).toEqual([0, 0])
    })

    test('a server that is down: 502', async () => {
      const { balancer, a, b, c } = await start(variant, { more: 'down' })
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ status: 502 })
      expect([a, b, c].map((stub) => stub.count())).toEqual([0, 0, 0])
    })

    test('the next server is not tried, whatever proxy_next_upstream is', async () => {
      const location = 'proxy_next_upstream error timeout http_500;'
      const { balancer, b } = await start(variant, { location })
      b.answer(500)
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer.tried[0]).toBe('b')
      expect(answer.by).not.toBe('a')
      expect(answer.by).not.toBe('c')
      expect([500, 502]).toContain(answer.status)
    })

    test('requests without a session are sent to the next server', async () => {
      const { balancer, b } = await start(variant)
      await b.kill()
      expect(seen(await askTimes(balancer, 6))).toEqual(allBy('a c', '', 'NEW'))
    })

    test('a route that no server has is balanced', async () => {
      const { balancer } = await start(variant)
      expect(seen(await askTimes(balancer, 6, pinned('z')))).toEqual(allBy('a b c', 'z', 'MISS'))
      expect(seen(await askTimes(balancer, 6, { session: 'ABC' }))).toEqual(
        allBy('a b c', '', 'MISS'),
      )
    })

    test('a backup with the same route is used at once', async () => {
      const stubs = await startStubs('a', 'b', 'y')
      const [a, b, y] = stubs
      const servers = [named(a), named(b), { at: y, id: 'b', more: 'backup' }]
      const app = [...members(variant, servers), strictRoute]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await b.kill()
      expect((await balancer.ask('app', pinned('b'))).tried).toEqual(['b', 'y'])
      expect(seen(await askTimes(balancer, 2, pinned('b'))).by).toBe('y')
      await y.kill()
      expect((await balancer.ask('app', pinned('b'))).status).toBe(502)
      expect(a.count()).toBe(0)
    })

    test('also applies without reverse', async () => {
      const { balancer, b } = await start(variant, {
        jvmRoute: 'jvm_route $cookie_JSESSIONID strict;',
      })
      expect(await balancer.ask('app', { session: 'bABC' })).toMatchObject({ by: 'b' })
      await b.kill()
      expect(await balancer.ask('app', { session: 'bABC' })).toMatchObject({ status: 502 })
      expect(await balancer.ask('app', { session: 'aABC' })).toMatchObject({ by: 'a' })
    })

    test('of a single server', async () => {
      const stubs = await startStubs('a')
      const app = [...members(variant, stubs), strictRoute]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect(await balancer.ask('app', pinned('a'))).toMatchObject({ by: 'a', verdict: 'HIT' })
      await stubs[0].kill()
      expect(await balancer.ask('app', pinned('a'))).toMatchObject({ status: 502 })
    })

    test('the session returns to its server when the server is up again', async () => {
      const { balancer, b } = await start(variant, { more: 'fail_timeout=1s' })
      await b.kill()
      expect((await balancer.ask('app', pinned('b'))).status).toBe(502)
      await b.revive()
      const status = async (): Promise<number> => (await balancer.ask('app', pinned('b'))).status
      await expect.poll(status, { timeout: 60_000 }).toBe(200)
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
    })
  })
})

overPatched('some', (variant) => {
  describe('strict', () => {
    test('a busy server: 502', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const app = [...members(variant, [a, { ...named(b), patched: 'max_busy=1' }]), strictRoute]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      const held = balancer.ask('app', { ...pinned('b'), hold: true })
      await b.holds(1)
      expect((await balancer.ask('app', pinned('b'))).status).toBe(502)
      b.release()
      expect((await held).status).toBe(200)
      expect((await balancer.ask('app', pinned('b'))).status).toBe(200)
    })

    test('a drained server serves its sessions', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const app = [...members(variant, [a, { ...named(b), patched: 'drain' }]), strictRoute]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect(seen(await askTimes(balancer, 2, pinned('b')))).toEqual(allBy('b'))
      await b.kill()
      expect((await balancer.ask('app', pinned('b'))).status).toBe(502)
    })
  })
})
