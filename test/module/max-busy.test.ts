import { describe, expect, test } from 'vitest'
import { send } from './support/ask.ts'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { isFrom, overPatched, type Variant } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

const start = async (variant: Variant, busy: string, options: Options = {}) => {
  const { lines = [], workers = 1 } = options
  const stubs = await startStubs('a', 'b')
  const [a, b] = stubs
  const app = [...lines, ...members(variant, [a, { ...named(b), patched: busy }]), route]
  const listen = workers > 1 && isFrom(variant, '1.9.1') ? 'reuseport' : ''
  const balancer = await startBalancer(variant, { stubs, upstreams: { app }, workers, listen })
  return { balancer, a, b }
}

interface Options {
  readonly lines?: readonly string[]
  readonly workers?: number
}

/** Sends requests that are kept, and waits until the two stubs have them all. */
const holdMany = async (
  balancer: Balancer,
  stubs: readonly Stub[],
  count: number,
  session?: string,
) => {
  const before = stubs.reduce((sum, stub) => sum + stub.held(), 0)
  const answers = Array.from({ length: count }, () =>
    balancer.ask('app', { hold: true, ...(session === undefined ? {} : { session }) }),
  )
  const held = () => stubs.reduce((sum, stub) => sum + stub.held(), 0)
  await until(`${count} requests are held`, () => held() === before + count)
  return {
    release: async () => {
      for (const stub of stubs) stub.release()
      return Promise.all(answers)
    },
  }
}

overPatched('some', (variant) => {
  describe('max_busy', () => {
    test('limits the requests that a server has at once', async () => {
      const { balancer, a, b } = await start(variant, 'max_busy=2')
      const held = await holdMany(balancer, [b], 2, 'ABC.b')
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('a', 'b', 'FAILOVER'))
      expect(seen(await askTimes(balancer, 4))).toEqual(allBy('a', '', 'NEW'))
      expect(seen(await held.release())).toEqual(allBy('b'))
      expect(seen(await askTimes(balancer, 4, pinned('b')))).toEqual(allBy('b'))
      expect(a.count()).toBe(7)
    })

    test('applies to requests without a session', async () => {
      const { balancer, a, b } = await start(variant, 'max_busy=2')
      const held = await holdMany(balancer, [a, b], 12)
      expect([a.held(), b.held()]).toEqual([10, 2])
      await held.release()
      expect(seen(await askTimes(balancer, 4)).by).toBe('a b')
    })

    test.for([
      ['without zone', []],
      ['with zone', ['zone app 256k;']],
      ['least_conn', ['least_conn;']],
    ] as const)('applies across four workers, %s', async ([, lines]) => {
      const { balancer, a, b } = await start(variant, 'max_busy=3', { lines, workers: 4 })
      const held = await holdMany(balancer, [a, b], 40, 'ABC.b')
      expect(b.held()).toBe(3)
      const more = await holdMany(balancer, [a, b], 20)
      expect(b.held()).toBe(3)
      const answers = [...(await more.release()), ...(await held.release())]
      expect(new Set(answers.map(({ pid }) => pid)).size).toBeGreaterThan(1)
      expect(b.peak()).toBe(3)
      const again = await holdMany(balancer, [a, b], 12, 'ABC.b')
      expect(b.held()).toBe(3)
      await again.release()
      expect(b.peak()).toBe(3)
    })

    test('of the only server: 502 for one more request, then service again', async () => {
      const stubs = await startStubs('a')
      const app = [...members(variant, [{ ...named(stubs[0]), patched: 'max_busy=1' }]), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      const held = await holdMany(balancer, stubs, 1, 'ABC.a')
      expect((await balancer.ask('app', pinned('a'))).status).toBe(502)
      expect((await balancer.ask('app')).status).toBe(502)
      await held.release()
      expect(seen(await askTimes(balancer, 2, pinned('a')))).toEqual(allBy('a'))
    })

    test('a full server has not failed: it is used again as soon as a request ends', async () => {
      const { balancer, b } = await start(variant, 'max_busy=1 max_fails=1 fail_timeout=1h')
      const held = await holdMany(balancer, [b], 1, 'ABC.b')
      await askTimes(balancer, 5, pinned('b'))
      await held.release()
      expect(seen(await askTimes(balancer, 2, pinned('b')))).toEqual(allBy('b'))
    })

    test('does not count requests of disconnected clients and of failed servers', async () => {
      const { balancer, b } = await start(variant, 'max_busy=1 max_fails=0')
      const leave = new AbortController()
      const ask = { ...pinned('b'), hold: true, signal: leave.signal }
      const gone = send(balancer.port, 'app', ask)
      await b.holds(1)
      leave.abort()
      await expect(gone).rejects.toThrow()
      await b.holds(0)
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
      await b.kill()
      expect((await balancer.ask('app', pinned('b'))).tried).toEqual(['b', 'a'])
      await b.revive()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'b', verdict: 'HIT' })
    })

    test('does not count idle keepalive connections', async () => {
      const { balancer, b } = await start(variant, 'max_busy=1', { lines: ['keepalive 8;'] })
      expect(seen(await askTimes(balancer, 6, pinned('b')))).toEqual(allBy('b'))
      expect(b.connections()).toBe(1)
    })

    test('0 is no limit', async () => {
      const { balancer, b } = await start(variant, 'max_busy=0')
      const held = await holdMany(balancer, [b], 8, 'ABC.b')
      expect(seen(await held.release())).toEqual(allBy('b'))
    })
  })
})
