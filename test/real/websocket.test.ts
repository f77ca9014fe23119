import { describe, expect } from 'vitest'
import { freePort } from './support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { rawClient } from './support/raw-client.ts'
import { isWhole, jsonOf, statusOf } from './support/raw-http.ts'
import { withServers } from './support/servers.ts'
import { startUpgradeBackend } from './support/upgrade-backend.ts'

const frontends = (port: number, backend: number): string => `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
      - { match: /, upstream: app, websocket: false }
      - { match: /live/, upstream: app, websocket: true }
upstreams:
  app: { keepalive: 4, servers: { app: "127.0.0.1:${backend}" } }
`

const requestFor = (path: string, protocol: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: shop.example.com',
    'Connection: Upgrade',
    `Upgrade: ${protocol}`,
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n')

const answerTo = async (port: number, request: string): Promise<string> => {
  const client = await rawClient(port)
  client.send(request)
  const answer = await client.until(isWhole)
  client.close()
  return answer
}

const plain = 'GET /live/ HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n'

/** HAProxy keeps connections only for requests that a retry could repeat. */
const keepsConnections = ({ title }: RealProxy): boolean => !title.startsWith('HAProxy')

describe.each(allProxies)('$title', (proxy) => {
  withServers(
    { server: proxy.server },
    'upgrades connections where the spec says so',
    async ({ server }) => {
      const backend = await startUpgradeBackend('app')
      const port = await freePort()
      await proxy.start(server, artifactsFor(proxy, server, frontends(port, backend.port)), [port])

      for (const protocol of ['websocket', 'x-echo']) {
        const client = await rawClient(port)
        client.send(requestFor('/live/x', protocol))
        const answer = await client.until(isWhole)
        expect(statusOf(answer)).toBe(101)
        expect(answer).toMatch(new RegExp(`^upgrade: ${protocol}\r$`, 'im'))
        // Both directions, after a pause.
        await new Promise((resolve) => setTimeout(resolve, 300))
        client.send('hello')
        await client.until((received) => received.endsWith('\r\n\r\napp: hello'))
        client.close()
      }

      const without = await answerTo(port, requestFor('/other', 'websocket'))
      expect(statusOf(without)).toBe(200)
      expect(jsonOf(without)).not.toHaveProperty('upgrade')
      const h2c = await answerTo(port, requestFor('/live/', 'H2C'))
      expect(statusOf(h2c)).toBe(200)
      expect(jsonOf(h2c)).not.toHaveProperty('upgrade')

      const before = backend.connections()
      for (let nth = 0; nth < 3; nth++) {
        const answer = await answerTo(port, plain)
        expect(jsonOf(answer)).toMatchObject({ name: 'app', url: '/live/' })
        expect(jsonOf(answer)).not.toMatchObject({ connection: 'upgrade' })
      }
      if (keepsConnections(proxy)) expect(backend.connections() - before).toBeLessThan(3)
    },
  )
})
