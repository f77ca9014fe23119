import { createServer } from 'node:http'
import { expect } from 'vitest'
import { atEnd } from './support/cleanup.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { startNameServer } from './support/name-server.ts'
import { artifactsFor, haproxyOf, nginxOf, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'

const [gone, kept, added] = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const

/** One port of all addresses, each of which says which it is. */
const startAll = async (): Promise<number> => {
  const port = await freePort()
  for (const address of [gone, kept, added]) {
    const server = createServer({ keepAliveTimeout: 0 }, (_request, response) => {
      response.end(address)
    })
    await new Promise<void>((resolve) => server.listen(port, address, resolve))
    atEnd({
      cleanUp: () =>
        new Promise((done) => {
          server.close(() => done())
          server.closeAllConnections()
        }),
      abandon: () => server.unref(),
    })
  }
  return port
}

/** The field `resolver` of the target of a proxy. */
const withResolver = (proxy: RealProxy, port: number): RealProxy => ({
  ...proxy,
  target: (server) =>
    proxy
      .target(server)
      .replace(/ }$/, `, resolver: { addresses: ["127.0.0.1:${port}"], valid: 1s } }`),
})

const restOf = (listen: number, port: number): string => `frontends:
  web: { listen: ["127.0.0.1:${listen}"], locations: [{ match: /, upstream: app }] }
upstreams:
  app:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { app: { address: "app.internal:${port}", resolve: true, maxAddresses: 4 } }
`

const observe = async (proxy: RealProxy, server: Server): Promise<void> => {
  const names = await startNameServer([gone, kept])
  const [listen, port] = [await freePort(), await startAll()]
  const asking = withResolver(proxy, names.port)
  await asking.start(server, artifactsFor(asking, server, restOf(listen, port)), [listen])

  const request = async (cookie: string | null) => {
    const headers = cookie === null ? {} : { Cookie: `srv_id=${cookie}` }
    const { body, setCookies } = await get(`http://127.0.0.1:${listen}/`, { headers })
    const set = setCookies.find(({ name }) => name === 'srv_id')?.value ?? null
    return { address: body, cookie: set }
  }
  /** The addresses that new clients are sent to. */
  const used = async (): Promise<readonly string[]> => {
    const seen = new Set<string>()
    for (let nth = 0; nth < 6; nth += 1) seen.add((await request(null)).address)
    return [...seen].sort()
  }
  const settled = { timeout: 60_000, interval: 100 }
  await expect.poll(used, settled).toEqual([gone, kept])

  const home = new Map<string, string>()
  for (let nth = 0; nth < 12; nth += 1) {
    const { address, cookie } = await request(null)
    home.set(String(cookie), address)
  }
  // One value for each address, and not the route of the server.
  expect([...home.values()].sort()).toEqual([gone, kept])
  expect([...home.keys()]).not.toContain('app')

  names.answer([added, kept])
  await expect.poll(used, settled).toEqual([kept, added])
  for (const [cookie, address] of home) {
    const expected = address === kept ? [kept] : [kept, added]
    for (let nth = 0; nth < 6; nth += 1) expect(expected).toContain((await request(cookie)).address)
  }
}

const [oldest, usual, newest, nginx] = [
  haproxyOf('2.2'),
  haproxyOf('3.0'),
  haproxyOf('3.2'),
  nginxOf('1.30'),
]

withServers(
  { oldest: oldest.server, usual: usual.server, newest: newest.server, nginx: nginx.server },
  'sessions stay with an address of a name as long as the name has it, in HAProxy and nginx',
  async (servers) => {
    await Promise.all([
      observe(oldest, servers.oldest),
      observe(usual, servers.usual),
      observe(newest, servers.newest),
      observe(nginx, servers.nginx),
    ])
  },
)
