import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overVariants, type Variant } from './support/over-variants.ts'
import { allBy, askTimes, pinned, route, seen, strictRoute } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

const zones: readonly (readonly [string, readonly string[]])[] = [
  ['without zone', []],
  ['with zone', ['zone app 256k;']],
]

/** Two primaries and two backups. */
const start = async (variant: Variant, lines: readonly string[], jvmRoute = route) => {
  const stubs = await startStubs('a', 'b', 'y', 'z')
  const [a, b, y, z] = stubs
  const backups = [named(y, 'backup'), named(z, 'backup')]
  const primaries = [a, b].map((stub) => named(stub, 'fail_timeout=1s'))
  const app = [...lines, ...members(variant, [...primaries, ...backups]), jvmRoute]
  const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
  return { balancer, a, b, y, z }
}

overVariants('some', (variant) => {
  describe.each([...zones, ['least_conn', ['least_conn;']] as const])('backup, %s', (_, lines) => {
    test('takes no requests while a primary server can serve', async () => {
      const { balancer, a, y, z } = await start(variant, lines)
      expect(seen(await askTimes(balancer, 4)).by).toBe('a b')
      expect(seen(await askTimes(balancer, 4, pinned('z')))).toEqual(allBy('a b', 'z', 'FAILOVER'))
      await a.kill()
      expect(seen(await askTimes(balancer, 4)).by).toBe('b')
      expect(seen(await askTimes(balancer, 2, pinned('a')))).toEqual(allBy('b', 'a', 'FAILOVER'))
      expect(seen(await askTimes(balancer, 2, pinned('z')))).toEqual(allBy('b', 'z', 'FAILOVER'))
      expect([y.count(), z.count()]).toEqual([0, 0])
    })

    test('takes all requests when no primary can serve, and keeps sessions pinned to it', async () => {
      const { balancer, a, b } = await start(variant, lines)
      await a.kill()
      await b.kill()
      // The first two find out.
      await askTimes(balancer, 2)
      expect(seen(await askTimes(balancer, 4)).by).toBe('y z')
      expect(seen(await askTimes(balancer, 3, pinned('z'))).by).toBe('z')
      expect(seen(await askTimes(balancer, 3, pinned('y'))).by).toBe('y')
      expect(seen(await askTimes(balancer, 4, pinned('a')))).toEqual(allBy('y z', 'a', 'FAILOVER'))
    })

    test('a request for which all primaries fail is sent to the backup that it is pinned to', async () => {
      for (const name of ['y', 'z']) {
        const { balancer, a, b } = await start(variant, lines)
        await a.kill()
        await b.kill()
        const { by, tried } = await balancer.ask('app', pinned(name))
        expect(by).toBe(name)
        expect([...tried].sort()).toEqual(['a', 'b', name])
        await balancer.server.stop()
      }
    })

    test('returns requests to the primaries when they are up again', async () => {
      const { balancer, a, b } = await start(variant, lines)
      await a.kill()
      await b.kill()
      await askTimes(balancer, 4)
      await a.revive()
      await b.revive()
      const served = async (): Promise<string> =>
        seen([
          ...(await askTimes(balancer, 1, pinned('a'))),
          ...(await askTimes(balancer, 1, pinned('b'))),
        ]).by
      await expect.poll(served, { timeout: 60_000 }).toBe('a b')
      expect(seen(await askTimes(balancer, 4, pinned('y')))).toEqual(allBy('a b', 'y', 'FAILOVER'))
    })
  })

  describe.each(zones)('one id for a primary and a backup, %s', (_, lines) => {
    test('the backup takes over the sessions of its primary', async () => {
      const stubs = await startStubs('a', 'y', 'z')
      const [a, y, z] = stubs
      const servers = [
        named(a),
        { at: y, id: 'y', more: 'backup' },
        { at: z, id: 'a', more: 'backup' },
      ]
      const app = [...lines, ...members(variant, servers), route]
      const balancer = await startBalancer(variant, { stubs, upstreams: { app } })
      expect(seen(await askTimes(balancer, 3, pinned('a')))).toEqual(allBy('a'))
      await a.kill()
      expect((await balancer.ask('app', pinned('a'))).tried).toEqual(['a', 'z'])
      expect(seen(await askTimes(balancer, 3, pinned('a'))).by).toBe('z')
    })
  })

  describe('backup with strict', () => {
    test('a backup serves requests without a session, but not the sessions of a dead primary', async () => {
      const { balancer, a, b } = await start(variant, [], strictRoute)
      await a.kill()
      expect(await balancer.ask('app', pinned('a'))).toMatchObject({ status: 502, tried: ['a'] })
      await b.kill()
      const { by } = await balancer.ask('app')
      expect(['y', 'z']).toContain(by)
    })
  })
})
