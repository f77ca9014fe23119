import { describe, expect } from 'vitest'
import { elsewhere } from './support/elsewhere.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'

interface Frontend {
  readonly allow?: readonly string[]
  readonly clientAddress?: string
  /** What else happens to the status page; a prefix unless it says otherwise. */
  readonly match?: string
}

/** A proxy with a status page, on every address of this machine. */
const startStatus = async (
  proxy: RealProxy,
  server: Server,
  { allow, clientAddress, match = '/status' }: Frontend = {},
): Promise<number> => {
  const port = await freePort()
  const dead = await freePort()
  const allowed = allow === undefined ? '' : `, allow: ${JSON.stringify(allow)}`
  const rest = `frontends:
  web:
    listen: ["*:${port}", "[::]:${port}"]
    ${clientAddress === undefined ? '' : `clientAddress: ${clientAddress}`}
    locations:
      - { match: "${match}", status: app${allowed} }
      - { match: /, upstream: app }
upstreams:
  app: { servers: { app: "127.0.0.1:${dead}" } }
`
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  return port
}

interface Client {
  readonly to?: string
  readonly from?: string
  readonly says?: string
  readonly path?: string
}

const ask = async (
  port: number,
  { to = '127.0.0.1', from, says, path = '/status' }: Client = {},
): Promise<number> => {
  const { status } = await get(`http://${to}:${port}${path}`, {
    ...(from === undefined ? {} : { from }),
    headers: says === undefined ? {} : { 'X-Forwarded-For': says },
  })
  return status
}

const titled = allProxies.map((proxy) => [proxy.title, proxy] as const)

describe.each(titled)('%s', (_title, proxy) => {
  const needs = { server: proxy.server, other: elsewhere() }

  withServers(needs, 'shows the status only to clients on this host', async ({ server, other }) => {
    const { address } = other
    for (const match of ['/status', '= /status', '^~ /status', '~ ^/status']) {
      const port = await startStatus(proxy, server, { match })
      expect([match, await ask(port)]).toEqual([match, 200])
      expect(await ask(port, { from: '127.0.0.2' })).toBe(200)
      expect(await ask(port, { to: '[::1]' })).toBe(200)
      expect([match, await ask(port, { to: address, from: address })]).toEqual([match, 403])
      // Nobody in front is trusted: what a client says of itself counts for nothing.
      expect(await ask(port, { to: address, from: address, says: '127.0.0.1' })).toBe(403)
      expect(await ask(port, { to: address, from: address, path: '/status?x=1' })).toBe(403)
    }
  })

  withServers(
    needs,
    'shows the status to the addresses that the spec allows',
    async ({ server, other }) => {
      const { address } = other
      const port = await startStatus(proxy, server, { allow: [`${address}/32`] })
      expect(await ask(port, { to: address, from: address })).toBe(200)
      expect(await ask(port)).toBe(403)
      const all = await startStatus(proxy, server, { allow: ['all'] })
      expect(await ask(all, { to: address, from: address })).toBe(200)
    },
  )

  withServers(needs, 'ignores a forwarded loopback address', async ({ server, other }) => {
    const { address } = other
    for (const allow of [undefined, ['127.0.0.1', '::1']]) {
      const port = await startStatus(proxy, server, {
        ...(allow === undefined ? {} : { allow }),
        clientAddress: `{ trust: ["${address}", 127.0.0.1, "::1"] }`,
      })
      const through = (says: string) => ask(port, { to: address, from: address, says })
      for (const says of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '2002:7f00:1::1', '127.0.0.1:80'])
        expect([says, await through(says)]).toEqual([says, 403])
      expect(await through(`127.0.0.1, ${address}`)).toBe(403)
      // A proxy on this host forwards requests of remote clients.
      expect(await ask(port, { says: '203.0.113.9' })).toBe(403)
      expect(await ask(port, { says: '127.0.0.1' })).toBe(200)
      expect(await ask(port)).toBe(200)
    }
  })

  withServers(needs, 'uses the client address from a trusted proxy', async ({ server, other }) => {
    const { address } = other
    const port = await startStatus(proxy, server, {
      allow: ['203.0.113.0/24'],
      clientAddress: `{ trust: ["${address}"] }`,
    })
    const through = (says: string) => ask(port, { to: address, from: address, says })
    expect(await through('203.0.113.9')).toBe(200)
    expect(await through('198.51.100.1')).toBe(403)
    expect(await ask(port, { says: '203.0.113.9' })).toBe(403)
    // IPv6 addresses with an IPv4 address in them (6to4, IPv4-compatible) are none of IPv4.
    for (const says of ['2002:cb00:7109::1', '::203.0.113.9'])
      expect([says, await through(says)]).toEqual([says, 403])
  })

  withServers(
    needs,
    'does not treat an IPv4 address as a trusted IPv6 address',
    async ({ server, other }) => {
      const { address } = other
      const port = await startStatus(proxy, server, {
        allow: ['203.0.113.0/24'],
        clientAddress: `{ trust: ["${address}", 10.0.0.0/8] }`,
      })
      const through = (says: string) => ask(port, { to: address, from: address, says })
      expect(await through('203.0.113.9, 10.0.0.1')).toBe(200)
      for (const hop of ['2002:0a00:1::1', '::10.0.0.1'])
        expect([hop, await through(`203.0.113.9, ${hop}`)]).toEqual([hop, 403])
    },
  )
})
