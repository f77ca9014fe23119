import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { startDns } from './support/dns.ts'
import { overVariant, type Variant } from './support/over-variants.ts'
import { askTimes, pinned, route } from './support/pinned.ts'
import { statusOf } from './support/status.ts'
import { startStub } from './support/stubs.ts'
import { until } from './support/until.ts'
import { member, members, named } from './support/upstream.ts'

/** Bytes of shared memory that a process has. */
const sharedBy = (pid: number): number =>
  [...readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/^(\w+)-(\w+) rw-s/gm)].reduce(
    (total, [, from, to]) => total + Number.parseInt(`${to}`, 16) - Number.parseInt(`${from}`, 16),
    0,
  )

const counts = (variant: Variant): void => {
  test('counters of removed addresses are reused for new addresses', async () => {
    const dns = await startDns()
    const a = await startStub('a')
    const moving = { at: `m.test:${a.port}`, id: 'm', more: 'resolve max_fails=0' }
    const resolver = `resolver 127.0.0.1:${dns.port} valid=1s ipv6=off;`
    const app = ['zone app 4m;', resolver, ...members(variant, [named(a), moving]), route]
    const addressesOf = (round: number) =>
      Array.from({ length: 60 }, (_, index) => `127.${round}.0.${index + 1}`)
    dns.set('m.test', addressesOf(1))
    const balancer = await startBalancer(variant, { stubs: [a], upstreams: { app }, workers: 2 })
    for (let round = 1; round <= 8; round++) {
      dns.set('m.test', addressesOf(round))
      await until(`the addresses of ${round} are there`, async () => {
        const { servers, uncounted } = await statusOf(balancer, 'app')
        expect(uncounted).toBe(0)
        return servers.some(({ address }) => address.startsWith(`127.${round}.`))
      })
      await askTimes(balancer, 10, pinned('a'))
      const { servers } = await statusOf(balancer, 'app')
      expect(servers[0]?.hits).toBe(10 * round)
    }
  })

  test('2,000 names and 16 workers need little memory', async () => {
    const dns = await startDns()
    const a = await startStub('a')
    const names = Array.from({ length: 2_000 }, (_, index) => ({
      at: `n${index}.test:${a.port}`,
      id: `n${index}`,
      more: 'resolve',
    }))
    const resolver = `resolver 127.0.0.1:${dns.port} valid=1h ipv6=off;`
    const lines = names.flatMap((name) => member(variant, name))
    const app = ['zone app 32m;', resolver, ...members(variant, [named(a)]), ...lines]
    const sizes = []
    for (const upstreams of [{ app }, { app: [...app, route] }]) {
      const withRoute = upstreams.app.filter((line) => !line.startsWith('srun_id'))
      const own = upstreams.app.includes(route) ? upstreams.app : withRoute.map(withoutId)
      const balancer = await startBalancer(variant, { upstreams: { app: own }, workers: 16 })
      sizes.push(sharedBy(balancer.server.pid))
      await balancer.server.stop()
    }
    const [plain = 0, counted = 0] = sizes
    expect(counted - plain).toBeGreaterThan(0)
    expect(counted - plain).toBeLessThan(40 * 1024 * 1024)
  })
}

const withoutId = (line: string): string => line.replace(/ srun_id=\w+/, '')

// Since 1.27.3.
for (const name of ['sanitized', 'unpatched'] as const) overVariant('1.28', name, counts)
