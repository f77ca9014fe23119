import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overPatched, type Variant } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const start = async (variant: Variant, methods: readonly string[] = [], drained = 'drain') => {
  const stubs = await startStubs('a', 'b', 'c')
  const [a, b, c] = stubs
  const servers = members(variant, [a, { ...named(b), patched: drained }, c])
  const app = [...methods, ...servers, route]
  const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
  return { balancer, a, b, c }
}

const methods: readonly (readonly [string, readonly string[]])[] = [
  ['round robin', []],
  ['round robin with zone', ['zone app 256k;']],
  ['least_conn', ['least_conn;']],
  ['hash', ['hash $http_x_key;']],
]

overPatched('some', (variant) => {
  describe.each(methods)('drain together with %s', (_, lines) => {
    test('keeps its sessions and takes no new ones', async () => {
      const { balancer, b } = await start(variant, lines)
      expect(seen(await askTimes(balancer, 3, pinned('b')))).toEqual(allBy('b'))
      for (let key = 0; key < 12; key++) {
        const answer = await balancer.ask('app', { headers: { 'X-Key': `key${key}` } })
        expect(answer).toMatchObject({ status: 200, verdict: 'NEW' })
        expect(answer.by).not.toBe('b')
      }
      expect(b.count()).toBe(3)
    })

    test('takes no sessions of other servers that fail', async () => {
      const { balancer, a, b } = await start(variant, lines)
      await a.kill()
      expect(seen(await askTimes(balancer, 4, pinned('a')))).toEqual(allBy('c', 'a', 'FAILOVER'))
      expect(seen(await askTimes(balancer, 4, pinned('z')))).toEqual(allBy('c', 'z', 'MISS'))
      expect(b.count()).toBe(0)
    })

    test('a session of a drained server that is dead fails over', async () => {
      const { balancer, b } = await start(variant, lines)
      await b.kill()
      const first = await balancer.ask('app', pinned('b'))
      expect(first).toMatchObject({ status: 200, verdict: 'FAILOVER', tried: ['b', first.by] })
      // By now it has failed once, which is enough: max_fails is 1.
      const second = await balancer.ask('app', pinned('b'))
      expect(second).toMatchObject({ status: 200, verdict: 'FAILOVER', tried: [second.by] })
    })
  })

  describe('drain', () => {
    test('of all servers leaves no server for requests without a session', async () => {
      const stubs = await startStubs('a', 'b')
      const servers = stubs.map((stub) => ({ ...named(stub), patched: 'drain' }))
      const app = [...members(variant, servers), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect((await balancer.ask('app')).status).toBe(502)
      expect(seen(await askTimes(balancer, 2, pinned('a')))).toEqual(allBy('a'))
    })

    test('of the only server keeps its sessions and takes no others', async () => {
      const stubs = await startStubs('a')
      const app = [...members(variant, [{ ...named(stubs[0]), patched: 'drain' }]), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect((await balancer.ask('app')).status).toBe(502)
      expect(await balancer.ask('app', pinned('a'))).toMatchObject({ by: 'a', verdict: 'HIT' })
    })

    test('with one other server: it serves the sessions of a dead drained server', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const app = [...members(variant, [a, { ...named(b), patched: 'drain' }]), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      await b.kill()
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({ by: 'a', tried: ['b', 'a'] })
    })

    test('with max_busy and weight', async () => {
      const { balancer, b } = await start(variant, [], 'drain max_busy=1 weight=5')
      const held = balancer.ask('app', { ...pinned('b'), hold: true })
      await b.holds(1)
      expect(seen(await askTimes(balancer, 2, pinned('b')))).toEqual(allBy('a c', 'b', 'FAILOVER'))
      b.release()
      expect((await held).by).toBe('b')
    })

    test('ends with a reload that removes it', async () => {
      const { balancer, a, b, c } = await start(variant)
      expect(seen(await askTimes(balancer, 6)).by).toBe('a c')
      const app = [...members(variant, [a, b, c]), route]
      await balancer.reload({ upstreams: { app } })
      expect(seen(await askTimes(balancer, 6)).by).toBe('a b c')
    })
  })
})
