import { beforeAll, describe, expect } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from '../support/proxies.ts'
import { type Server, withServers } from '../support/servers.ts'
import { type App, startApp } from './app.ts'
import { type Sent, send } from './send.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})

const specOf = (port: number): string => `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    maxBodySize: 1k
    locations:
      - { match: /, upstream: app }
      - { match: /upload/, upstream: app, maxBodySize: 4k }
      - { match: '~ \\.bin$', upstream: app, maxBodySize: unlimited }
upstreams:
  app: { servers: { app: "127.0.0.1:${app.port}" } }
`

const startSite = async (proxy: RealProxy, server: Server): Promise<number> => {
  const port = await freePort()
  await proxy.start(server, artifactsFor(proxy, server, specOf(port)), [port])
  return port
}

const statusOf = async (sent: Omit<Sent, 'method'>): Promise<number> =>
  (await send({ method: 'POST', ...sent })).status

/** Whether it counts the bytes of a body without Content-Length; other proxies refuse such a body. */
const countsBodies = ({ title }: RealProxy): boolean => title.startsWith('nginx')

for (const proxy of allProxies) {
  describe(proxy.title, () => {
    withServers(
      { server: proxy.server },
      'refuses bodies above the limit of the location',
      async ({ server }) => {
        const port = await startSite(proxy, server)
        const whole = (path: string, bytes: number) =>
          statusOf({ port, path, body: 'x'.repeat(bytes) })
        const inPieces = (path: string, bytes: number) =>
          statusOf({ port, path, body: ['x', 'x'.repeat(bytes - 1)] })
        expect({
          'at the limit': await whole('/', 1024),
          'above the limit': await whole('/', 1025),
          'below the limit of a location': await whole('/upload/a', 4096),
          'above the limit of a location': await whole('/upload/a', 4097),
          'without a limit': await whole('/upload/a.bin', 2 ** 21),
          'without a length or a limit': await inPieces('/upload/a.bin', 2 ** 21),
          'without a length, above the limit': await inPieces('/', 1025),
        }).toEqual({
          'at the limit': 200,
          'above the limit': 413,
          'below the limit of a location': 200,
          'above the limit of a location': 413,
          'without a limit': 200,
          'without a length or a limit': 200,
          'without a length, above the limit': countsBodies(proxy) ? 413 : 411,
        })
      },
    )
  })
}
