import { describe, expect, test } from 'vitest'
import { freePort } from '../real/support/free-port.ts'
import { startBalancer } from './support/balancer.ts'
import { startDns } from './support/dns.ts'
import { startLoad } from './support/load.ts'
import { overVariant, type Variant } from './support/over-variants.ts'
import { askTimes, pinned, route, seen } from './support/pinned.ts'
import { startStub } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

/** Servers `m` and `n` have names that change; `a` has an address. */
const start = async (variant: Variant, { more = '', workers = 1, method = '' } = {}) => {
  const port = await freePort()
  const dns = await startDns()
  const moving = [
    await startStub('m1', '127.0.0.2', port),
    await startStub('m2', '127.0.0.3', port),
    await startStub('m3', '127.0.0.4', port),
    await startStub('n1', '127.0.0.5', port),
  ] as const
  const a = await startStub('a')
  const stubs = [a, ...moving]
  const servers = [
    named(a),
    { at: `m.test:${port}`, id: 'm', more: `resolve max_fails=0 ${more}`.trim() },
    { at: `n.test:${port}`, id: 'n', more: `resolve max_fails=0 ${more}`.trim() },
  ]
  dns.set('m.test', ['127.0.0.2'])
  dns.set('n.test', ['127.0.0.5'])
  const resolver = `resolver 127.0.0.1:${dns.port} valid=1s ipv6=off;`
  const lines = method === '' ? [] : [method]
  const app = [...lines, 'zone app 512k;', resolver, ...members(variant, servers), route]
  const balancer = await startBalancer(variant, { stubs, upstreams: { app }, workers })
  const servedBy = async (id: string): Promise<string> =>
    seen(await askTimes(balancer, 8, pinned(id))).by
  const becomes = (id: string, by: string): Promise<void> =>
    until(`${id} is served by ${by}`, async () => (await servedBy(id)) === by, 30_000)
  return { balancer, dns, becomes, a, port, moving }
}

const everybody = 'a m1 m2 m3 n1'

const resolves = (variant: Variant): void => {
  describe('resolve', () => {
    test.for(['', 'least_conn;', 'hash $http_x_key;'])(
      'requests of a route are sent to the addresses of its name %s',
      async (method) => {
        const { balancer, dns, becomes, a, moving } = await start(variant, { method })
        await becomes('m', 'm1')
        await becomes('n', 'n1')
        dns.set('m.test', ['127.0.0.3'])
        await becomes('m', 'm2')
        dns.set('m.test', ['127.0.0.4', '127.0.0.3', '127.0.0.2'])
        // All of them are tried for its sessions.
        await until('m is known', async () => seen(await askTimes(balancer, 12)).by === everybody)
        for (const stub of [moving[0], moving[2]]) await stub.kill()
        await becomes('m', 'm2')
        await moving[2].revive()
        await moving[1].kill()
        await becomes('m', 'm3')
        await moving[1].revive()
        expect(seen(await askTimes(balancer, 3, pinned('n')))).toMatchObject({
          by: 'n1',
          verdict: 'HIT',
        })
        dns.set('m.test', ['127.0.0.4'])
        await becomes('m', 'm3')
        expect(seen(await askTimes(balancer, 2, pinned('a')))).toMatchObject({
          by: 'a',
          verdict: 'HIT',
        })
        expect(a.count()).toBeGreaterThan(0)
      },
    )

    test('a name without an address: its sessions fail over, and return', async () => {
      const { balancer, dns, becomes } = await start(variant)
      await becomes('m', 'm1')
      dns.set('m.test', [])
      await until('m is gone', async () => {
        const answers = await askTimes(balancer, 4, pinned('m'))
        expect(seen(answers).status).toBe('200')
        return answers.every(({ by }) => by === 'a' || by === 'n1')
      })
      dns.set('m.test', ['127.0.0.3'])
      await becomes('m', 'm2')
    })

    test('every worker uses the new addresses', async () => {
      const { dns, becomes, balancer } = await start(variant, { workers: 4 })
      await becomes('m', 'm1')
      for (const [address, by] of [
        ['127.0.0.3', 'm2'],
        ['127.0.0.4', 'm3'],
        ['127.0.0.2', 'm1'],
      ] as const) {
        dns.set('m.test', [address])
        await becomes('m', by)
      }
      const answers = await askTimes(balancer, 40, pinned('m'))
      expect(seen(answers)).toEqual({ by: 'm1', route: 'm', status: '200', verdict: 'HIT' })
    })

    test('names change under load without a failed request', async () => {
      const { balancer, dns, moving } = await start(variant, { workers: 2 })
      await until(
        'm and n are known',
        async () => seen(await askTimes(balancer, 12)).by === 'a m1 n1',
      )
      const load = startLoad(8, (turn) =>
        balancer.ask('app', pinned(['m', 'n', 'a', 'm'][turn % 4] ?? 'm')),
      )
      for (let change = 0; change < 8; change++) {
        const addresses = moving.slice(0, 3).map((_, index) => `127.0.0.${2 + index}`)
        const picked = addresses.filter((_, index) => ((change % 7) + 1) & (1 << index))
        dns.set('m.test', picked)
        const reached = moving.filter((_, index) => picked.includes(`127.0.0.${2 + index}`))
        const before = reached.map((stub) => stub.count())
        await until('the new addresses are used', () =>
          reached.some((stub, index) => stub.count() > (before[index] ?? 0)),
        )
      }
      await load.stop()
      expect(load.failures()).toEqual({})
    })

    test('stays correct after a reload', async () => {
      const { balancer, dns, becomes } = await start(variant)
      await becomes('m', 'm1')
      await balancer.reload()
      await becomes('m', 'm1')
      dns.set('m.test', ['127.0.0.4'])
      await becomes('m', 'm3')
    })

    test('a service with several targets is one route', async () => {
      const { balancer, dns, port, moving } = await start(variant)
      dns.set('m-one.test', ['127.0.0.2'])
      dns.set('m-two.test', ['127.0.0.3'])
      dns.setService('_http._tcp.m.test', [
        { name: 'm-one.test', port },
        { name: 'm-two.test', port },
      ])
      const resolver = `resolver 127.0.0.1:${dns.port} valid=1s ipv6=off;`
      const server = { at: 'm.test', id: 'm', more: 'resolve service=http max_fails=0' }
      const other = await startStub('o')
      const app = ['zone app 512k;', resolver, ...members(variant, [server, named(other)]), route]
      await balancer.server.stop()
      const stubs = [other, ...moving]
      const next = await startBalancer(variant, { stubs, upstreams: { app } })
      for (const [dead, alive] of [
        [moving[0], moving[1]],
        [moving[1], moving[0]],
      ] as const) {
        await dead.kill()
        const servedBy = async () => seen(await askTimes(next, 4, pinned('m'))).by
        await until(`${alive.name} serves`, async () => (await servedBy()) === alive.name)
        await dead.revive()
      }
      expect(seen(await askTimes(next, 2, pinned('o')))).toMatchObject({ by: 'o', verdict: 'HIT' })
    })
  })
}

// Since 1.27.3.
for (const name of ['sanitized', 'unpatched'] as const) {
  overVariant('1.28', name, resolves)
}
// And the release that has `sticky` of its own, which another mirror gives.
overVariant('1.30', 'distribution', resolves)
