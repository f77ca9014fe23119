import { describe, expect, test } from 'vitest'
import { freePort } from '../real/support/free-port.ts'
import { isMinimumRequired } from '../real/support/servers.ts'
import { startBalancer } from './support/balancer.ts'
import { canHaveHosts } from './support/hosts.ts'
import { overVariants, type Variant } from './support/over-variants.ts'
import { askTimes, pinned, route, seen, strictRoute } from './support/pinned.ts'
import { startStub } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const zones: readonly (readonly [string, readonly string[]])[] = [
  ['without zone', []],
  ['with zone', ['zone app 256k;']],
]

/** Server `m` has a name with three addresses; `a` and `b` have one each. */
const start = async (variant: Variant, lines: readonly string[], jvmRoute = route) => {
  const port = await freePort()
  const many = [
    await startStub('m1', '127.0.0.2', port),
    await startStub('m2', '127.0.0.3', port),
    await startStub('m3', '127.0.0.4', port),
  ] as const
  const [a, b] = [await startStub('a'), await startStub('b')]
  const stubs = [a, ...many, b]
  const servers = [
    named(a),
    { at: `many.test:${port}`, id: 'm', more: 'fail_timeout=1s' },
    named(b),
  ]
  const app = [...lines, ...members(variant, servers), jvmRoute]
  const hosts = { 'many.test': ['127.0.0.2', '127.0.0.3', '127.0.0.4'] }
  const balancer = await startBalancer(variant, { stubs, upstreams: { app }, hosts, expected })
  return { balancer, a, b, m1: many[0], m2: many[1], m3: many[2] }
}

/** Who is not root is root in a namespace of its own, which may not do all that root may. */
const expected = /initgroups\(/

const isPossible = await canHaveHosts()
if (!isPossible && isMinimumRequired()) {
  throw new Error('no mount namespace, and so no name with several addresses: run as root')
}

overVariants('some', (variant) => {
  describe.skipIf(!isPossible).each(zones)('several addresses of one route, %s', (_, lines) => {
    test('each of them serves the sessions of the route', async () => {
      const { balancer, a, b } = await start(variant, lines)
      const answers = await askTimes(balancer, 12, pinned('m'))
      expect(seen(answers)).toMatchObject({ route: 'm', status: '200', verdict: 'HIT' })
      expect(seen(answers).by).toMatch(/^m[123]( m[123])*$/)
      expect([a.count(), b.count()]).toEqual([0, 0])
      expect(seen(await askTimes(balancer, 15)).by).toBe('a b m1 m2 m3')
    })

    test('a session keeps using one of them while it is up', async () => {
      const { balancer } = await start(variant, lines)
      for (const session of ['one.m', 'two.m', 'three.m', 'four.m']) {
        const answers = await askTimes(balancer, 5, { session })
        expect(seen(answers).by).toMatch(/^m[123]$/)
      }
    })

    test('all of them are tried before another server', async () => {
      const { balancer, a, b, m1, m2, m3 } = await start(variant, lines)
      await m1.kill()
      await m3.kill()
      expect(seen(await askTimes(balancer, 12, pinned('m'))).by).toBe('m2')
      expect([a.count(), b.count()]).toEqual([0, 0])
      await m2.kill()
      const { by, tried, verdict } = await balancer.ask('app', pinned('m'))
      expect(['a', 'b']).toContain(by)
      expect(tried.slice(0, -1)).toContain('m2')
      expect(verdict).toBe('FAILOVER')
      await m3.revive()
      const back = async (): Promise<string> => (await balancer.ask('app', pinned('m'))).by
      await expect.poll(back, { timeout: 60_000 }).toBe('m3')
    })

    test('one request fails on all of them', async () => {
      const { balancer, m1, m2, m3 } = await start(variant, lines)
      for (const stub of [m1, m2, m3]) await stub.kill()
      const { by, tried } = await balancer.ask('app', pinned('m'))
      expect(['a', 'b']).toContain(by)
      expect([...tried.slice(0, 3)].sort()).toEqual(['m1', 'm2', 'm3'])
      expect(tried).toHaveLength(4)
    })

    test('strict: all of them are tried, and no other server', async () => {
      const { balancer, a, b, m1, m2, m3 } = await start(variant, lines, strictRoute)
      await m1.kill()
      await m2.kill()
      expect(seen(await askTimes(balancer, 6, pinned('m'))).by).toBe('m3')
      await m3.kill()
      expect((await balancer.ask('app', pinned('m'))).status).toBe(502)
      expect([a.count(), b.count()]).toEqual([0, 0])
    })
  })
})
