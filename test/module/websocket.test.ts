import { describe, expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { openTunnel, startEchoStub } from './support/echo-stub.ts'
import { overPatched, overVariants, type Variant } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { until } from './support/until.ts'
import { members } from './support/upstream.ts'

const location = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;'

const start = async (variant: Variant, patched = '') => {
  const stubs = [await startEchoStub('a'), await startEchoStub('b')]
  const servers = stubs.map(({ name, address }) => ({
    at: address,
    id: name,
    patched: name === 'b' ? patched : '',
  }))
  const app = [...members(variant, servers), route]
  return startBalancer(variant, { upstreams: { app }, location })
}

overVariants('some', (variant) => {
  describe('WebSocket', () => {
    test('a tunnel uses the server of its session, together with others', async () => {
      const balancer = await start(variant)
      const names = ['b', 'a', 'b', 'b']
      const tunnels = []
      for (const name of names) {
        const tunnel = await openTunnel(balancer.port, 'app', `ABC.${name}`)
        expect(tunnel.head).toMatch(/^HTTP\/1\.1 101 /)
        expect(tunnel.head).toContain(`X-Served-By: ${name}`)
        tunnels.push(tunnel)
      }
      for (const tunnel of tunnels) await tunnel.echo('hello '.repeat(1_000))
      for (const tunnel of tunnels) tunnel.close()
    })
  })
})

overPatched('some', (variant) => {
  describe('WebSocket', () => {
    test('a tunnel counts for max_busy while it is open', async () => {
      const balancer = await start(variant, 'max_busy=1')
      const tunnel = await openTunnel(balancer.port, 'app', 'ABC.b')
      expect(tunnel.head).toContain('X-Served-By: b')
      expect(await balancer.ask('app', pinned('b'))).toMatchObject({
        by: 'a',
        verdict: 'FAILOVER',
      })
      await tunnel.echo('still here')
      tunnel.close()
      await until('b is free', async () => (await balancer.ask('app', pinned('b'))).by === 'b')
    })
  })
})
