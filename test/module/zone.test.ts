import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

overVariants('some', (variant) => {
  describe('zone', () => {
    const listen = isFrom(variant, '1.9.1') ? 'reuseport' : ''

    test('workers share the failures of a server', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = members(variant, [named(a), named(b, 'fail_timeout=1h')])
      const upstreams = { app: ['zone app 128k;', ...servers, route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 4, listen })
      await b.kill()
      expect((await balancer.ask('app', pinned('b'))).tried).toEqual(['b', 'a'])
      const answers = await askTimes(balancer, 40, pinned('b'))
      expect(new Set(answers.map(({ pid }) => pid)).size).toBeGreaterThan(1)
      expect(answers.map(({ tried }) => tried)).toEqual(answers.map(() => ['a']))
    })

    test.skipIf(!isFrom(variant, '1.11.5'))('workers share max_conns', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const servers = members(variant, [named(a), named(b, 'max_conns=3')])
      const upstreams = { app: ['zone app 128k;', ...servers, route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 4, listen })
      const held = Array.from({ length: 30 }, () =>
        balancer.ask('app', { ...pinned('b'), hold: true }),
      )
      await a.holds(27)
      expect(b.held()).toBe(3)
      a.release()
      b.release()
      expect(new Set((await Promise.all(held)).map(({ pid }) => pid)).size).toBeGreaterThan(1)
      expect(seen(await askTimes(balancer, 8, pinned('b')))).toEqual(allBy('b'))
    })

    test('two upstreams in one zone', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const upstreams = {
        one: [
          'zone shared 256k;',
          ...members(variant, [
            { at: a, id: 'x' },
            { at: b, id: 'y' },
          ]),
          route,
        ],
        two: [
          route,
          ...members(variant, [
            { at: a, id: 'y' },
            { at: b, id: 'x' },
          ]),
          'zone shared;',
        ],
      }
      const balancer = await startBalancer(variant, { stubs, upstreams, workers: 2 })
      expect(seen(await askTimes(balancer, 4, pinned('x'), 'one')).by).toBe('a')
      expect(seen(await askTimes(balancer, 4, pinned('x'), 'two')).by).toBe('b')
      await balancer.reload()
      expect(seen(await askTimes(balancer, 4, pinned('y'), 'one')).by).toBe('b')
      expect(seen(await askTimes(balancer, 4, pinned('y'), 'two')).by).toBe('a')
    })

    test('together with an upstream in the same zone without jvm_route', async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const upstreams = {
        app: ['zone shared 256k;', ...members(variant, stubs), route],
        plain: ['zone shared;', `server ${a.address};`, `server ${b.address};`],
      }
      const balancer = await startBalancer(variant, { stubs, upstreams })
      expect(seen(await askTimes(balancer, 4, pinned('b'))).by).toBe('b')
      expect(seen(await askTimes(balancer, 4, pinned('b'), 'plain'))).toMatchObject({
        by: 'a b',
        verdict: '',
      })
    })
  })
})
