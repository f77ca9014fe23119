import { describe, expect } from 'vitest'
import { seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'

const proxyInFront = '127.0.0.2'
const v4 = '203.0.113.7'
const v6 = '2001:db8::7'

/** A value of X-Forwarded-For, and the client that it names; the proxy in front if it names none. */
const table: readonly (readonly [header: string, client: string])[] = [
  [v4, v4],
  [` ${v4} `, v4],
  [v6, v6],
  [`${v4}:51234`, v4],
  [`${v4}:1`, v4],
  [`${v4}:65535`, v4],
  [`${v4}:080`, v4],
  [`[${v6}]:51234`, v6],
  [`[${v4}]:80`, v4],
  ['', proxyInFront],
  ['unknown', proxyInFront],
  ['_hidden', proxyInFront],
  ['client.example.com', proxyInFront],
  [`"[${v6}]:51234"`, proxyInFront],
  [`${v4}:`, proxyInFront],
  [`${v4}:0`, proxyInFront],
  [`${v4}:65536`, proxyInFront],
  [`${v4}:http`, proxyInFront],
  [`${v4}x`, proxyInFront],
  [`${v4} x`, proxyInFront],
  ['203.0.113.999', proxyInFront],
  ['203.0.113', proxyInFront],
  ['3405803783', proxyInFront],
  [`[${v6}`, proxyInFront],
  [`${v6}]:1`, proxyInFront],
  [`[${v6}]:`, proxyInFront],
  [`[${v6}]:http`, proxyInFront],
  ['[unknown]:80', proxyInFront],
  // Of several the nearest that no trusted proxy has; what is no address hides those before it.
  [`198.51.100.1, ${v4}:51234`, v4],
  [`198.51.100.1:1, ${v4}, 10.0.0.1:443`, v4],
  [`198.51.100.1,[${v6}]:1,10.0.0.1:443 , [fd00::1]:2`, v6],
  ['198.51.100.1, unknown', proxyInFront],
  [`${v4}, unknown, 10.0.0.1:443`, '10.0.0.1'],
  [`${v4}, 198.51.100.1x, 10.0.0.1`, '10.0.0.1'],
]

/** Without a port, brackets are read by nginx from 1.30 only, and by the others. */
const bracketsAlone = [
  [`[${v6}]`, v6],
  [`[${v4}]`, v4],
] as const

const rowsFor = ({ title }: RealProxy) =>
  /^nginx 1\.(?:18|22|26)$/.test(title)
    ? [...table, ...bracketsAlone.map(([header]) => [header, proxyInFront] as const)]
    : [...table, ...bracketsAlone]

const start = async (proxy: RealProxy, server: Server, more: string): Promise<number> => {
  const [app, port] = [await startBackend('app'), await freePort()]
  const rest = `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    clientAddress: { trust: [${proxyInFront}, 10.0.0.0/8, "fd00::/8"]${more} }
    locations: [{ match: /, upstream: app }]
upstreams:
  app: { servers: { app: "127.0.0.1:${app.port}" } }
`
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  return port
}

/** The only address that the application receives. */
const clientOf = async (port: number, from: string, headers: Readonly<Record<string, string>>) => {
  const sent = { Host: 'shop.example.com', ...headers }
  const answer = await get(`http://127.0.0.1:${port}/`, { headers: sent, from })
  return seenBy(answer).headers['x-forwarded-for']
}

describe.each(allProxies.map((proxy) => [proxy.title, proxy] as const))('%s', (_title, proxy) => {
  withServers(
    { server: proxy.server },
    'all proxies read the header of earlier proxies by one grammar',
    async ({ server }) => {
      const port = await start(proxy, server, '')
      for (const [header, client] of rowsFor(proxy))
        expect(
          [header, await clientOf(port, proxyInFront, { 'X-Forwarded-For': header })],
          header,
        ).toEqual([header, client])
      // Who is not trusted is not believed, whatever the form.
      for (const header of [v4, `${v4}:51234`, `[${v6}]:51234`])
        expect(await clientOf(port, '127.0.0.1', { 'X-Forwarded-For': header })).toBe('127.0.0.1')
    },
  )

  withServers({ server: proxy.server }, 'and in the header of a CDN', async ({ server }) => {
    const port = await start(proxy, server, ', header: X-Azure-SocketIP')
    const ask = (hop: string) => clientOf(port, proxyInFront, { 'X-Azure-SocketIP': hop })
    expect(await ask(`${v4}:51234`)).toBe(v4)
    expect(await ask(`[${v6}]:51234`)).toBe(v6)
    expect(await ask(`${v4}x`)).toBe(proxyInFront)
  })
})
