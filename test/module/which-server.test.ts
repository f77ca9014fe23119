import { describe, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { type Member, members, named } from './support/upstream.ts'

const zones: readonly (readonly [string, readonly string[]])[] = [
  ['without zone', []],
  ['with zone', ['zone app 256k;']],
]

overVariants('everywhere', (variant) => {
  describe.each(zones)('%s', (_, zone) => {
    /** The upstream `app` with three stubs; `b` as `member` makes it. */
    const start = async (
      b: (stub: Stub) => Member,
      location = '',
    ): Promise<Readonly<Record<'a' | 'b' | 'c', Stub>> & { readonly balancer: Balancer }> => {
      const stubs = await startStubs('a', 'b', 'c')
      const servers = [stubs[0], b(stubs[1]), stubs[2]]
      const app = [...zone, ...members(variant, servers), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app }, location })
      return { a: stubs[0], b: stubs[1], c: stubs[2], balancer }
    }

    test('a server that is down is not used', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'down'))
      const answers = await askTimes(balancer, 4, pinned('b'))
      expect(answers.map(({ by }) => by).sort()).toEqual(['a', 'a', 'c', 'c'])
      expect(seen(answers)).toEqual(allBy('a c', 'b', 'FAILOVER'))
      expect(b.count()).toBe(0)
    })

    test('max_fails=2: the server is tried twice', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=2 fail_timeout=30s'))
      await b.kill()
      const tries = (await askTimes(balancer, 4, pinned('b'))).map(({ tried }) => tried.length)
      expect(tries).toEqual([2, 2, 1, 1])
    })

    test('max_fails=0: the server is tried every time', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=0'))
      await b.kill()
      const answers = await askTimes(balancer, 4, pinned('b'))
      expect(answers.map(({ tried }) => tried[0])).toEqual(['b', 'b', 'b', 'b'])
      expect(answers.map(({ tried }) => tried.length)).toEqual([2, 2, 2, 2])
      await b.revive()
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
    })

    test('proxy_next_upstream decides what counts as a failure', async () => {
      const more = 'proxy_next_upstream error timeout http_503;'
      const { balancer, b } = await start((stub) => named(stub, 'max_fails=1'), more)
      b.answer(500)
      const passed = await balancer.ask('app', pinned('b'))
      expect(passed).toMatchObject({ status: 500, by: 'b', verdict: 'HIT', tried: ['b'] })
      b.answer(503)
      const next = await balancer.ask('app', pinned('b'))
      expect(next).toMatchObject({ status: 200, verdict: 'FAILOVER' })
      expect(next.tried).toEqual(['b', next.by])
    })

    test('the next server is used after one that closes the connection', async () => {
      const { balancer, b } = await start((stub) => named(stub))
      b.answer('close')
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer.tried).toEqual(['b', answer.by])
      expect(answer.status).toBe(200)
    })

    test('proxy_next_upstream off: no other server is tried', async () => {
      const { balancer, b } = await start((stub) => named(stub), 'proxy_next_upstream off;')
      await b.kill()
      const answer = await balancer.ask('app', pinned('b'))
      expect(answer).toMatchObject({ status: 502, tried: ['b'] })
    })

    test('a POST that was sent is not sent twice', async () => {
      const { balancer, a, b, c } = await start((stub) => named(stub))
      b.answer('close')
      const post = { ...pinned('b'), method: 'POST', body: 'x=1' }
      expect(await balancer.ask('app', post)).toMatchObject({ status: 502, tried: ['b'] })
      expect([a, b, c].map((stub) => stub.count())).toEqual([0, 1, 0])
    })

    test('a POST that could not be sent is sent to the next server', async () => {
      const { balancer, b } = await start((stub) => named(stub))
      await b.kill()
      const post = { ...pinned('b'), method: 'POST', body: 'x=1' }
      expect(await balancer.ask('app', post)).toMatchObject({ status: 200, verdict: 'FAILOVER' })
    })

    test('when all are dead, each is tried once, the pinned one first', async () => {
      const { balancer, a, b, c } = await start((stub) => named(stub, 'max_fails=0'))
      for (const stub of [a, b, c]) await stub.kill()
      const { status, tried } = await balancer.ask('app', pinned('b'))
      expect(status).toBe(502)
      expect(tried[0]).toBe('b')
      expect([...tried].sort()).toEqual(['a', 'b', 'c'])
    })

    test.skipIf(!isFrom(variant, '1.11.5'))('max_conns is enforced', async () => {
      const { balancer, b } = await start((stub) => named(stub, 'max_conns=1'))
      const first = balancer.ask('app', { ...pinned('b'), hold: true })
      await b.holds(1)
      const answers = await askTimes(balancer, 4, pinned('b'))
      expect(answers.map(({ by }) => by).sort()).toEqual(['a', 'a', 'c', 'c'])
      expect(seen(answers)).toEqual(allBy('a c', 'b', 'FAILOVER'))
      b.release()
      expect(await first).toMatchObject({ by: 'b', verdict: 'HIT' })
      expect(seen(await askTimes(balancer, 2, pinned('b')))).toEqual(allBy('b'))
    })

    test('a single server serves its sessions and all other requests', async () => {
      const stubs = await startStubs('a')
      const app = [...zone, ...members(variant, stubs), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect(seen(await askTimes(balancer, 2, pinned('a')))).toEqual(allBy('a'))
      expect(await balancer.ask('app', pinned('z'))).toMatchObject({ by: 'a', verdict: 'MISS' })
      expect(await balancer.ask('app')).toMatchObject({ by: 'a', verdict: 'NEW' })
      await stubs[0].kill()
      expect((await balancer.ask('app', pinned('a'))).status).toBe(502)
      await stubs[0].revive()
      // As with nginx's own balancing, one server alone is tried whatever it did before.
      expect(await balancer.ask('app', pinned('a'))).toMatchObject({ status: 200, verdict: 'HIT' })
    })

    test('more servers than bits in a machine word', async () => {
      const count = 150
      const stubs = await startStubs('a', 'b', 'c')
      const dead = Array.from({ length: count }, (_, index) => ({
        at: `127.0.1.${index + 1}:1`,
        id: `dead${index}`,
        more: 'max_fails=0',
      }))
      const app = [...zone, ...members(variant, [...dead, ...stubs]), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      for (const name of ['a', 'b', 'c']) {
        expect(seen(await askTimes(balancer, 2, pinned(name)))).toEqual(allBy(name))
      }
      const { tried, status } = await balancer.ask('app', pinned('dead149'))
      expect(status).toBe(200)
      expect(tried[0]).toBe('127.0.1.150:1')
      expect(new Set(tried).size).toBe(tried.length)
    })
  })
})
