import { beforeAll, expect } from 'vitest'
import { freePorts } from '../support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from '../support/proxies.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Server, withServers } from '../support/servers.ts'
import { type App, startApp } from './app.ts'
import { type Sent, send } from './send.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})

interface Ports {
  readonly sizes: number
  readonly quick: number
  readonly mixed: number
}

const specOf = ({ sizes, quick, mixed }: Ports): string => `frontends:
  sizes:
    listen: ["127.0.0.1:${sizes}"]
    maxBodySize: 1k
    locations:
      - { match: /, upstream: app }
      - { match: /upload/, upstream: app, maxBodySize: 4k }
      - { match: '~ \\.bin$', upstream: app, maxBodySize: unlimited }
  quick:
    listen: ["127.0.0.1:${quick}"]
    timeouts: { read: 1s, client: 1s, keepalive: 1s }
    locations: [{ match: /, upstream: quick }]
  mixed:
    listen: ["127.0.0.1:${mixed}"]
    timeouts: { read: 1s, client: 1s }
    locations:
      - { match: /, upstream: mixed }
      - { match: /reports/, upstream: mixed, timeouts: { read: 5s } }
upstreams:
  app: { servers: { app: "127.0.0.1:${app.port}" } }
  quick: { servers: { app: "127.0.0.1:${app.port}" } }
  mixed: { servers: { app: "127.0.0.1:${app.port}" } }
`

const startSite = async (proxy: RealProxy, server: Server): Promise<Ports> => {
  const [sizes = 0, quick = 0, mixed = 0] = await freePorts(3)
  const ports = { sizes, quick, mixed }
  const artifacts = artifactsFor(proxy, server, specOf(ports))
  await proxy.start(server, artifacts, Object.values(ports))
  return ports
}

const statusOf = async (sent: Omit<Sent, 'method'>): Promise<number> =>
  (await send({ method: 'POST', ...sent })).status

/** Whether it counts the bytes of a body without Content-Length; other proxies refuse such a body. */
const countsBodies = ({ title }: RealProxy): boolean => title.startsWith('nginx')

const limitsBodies = async (proxy: RealProxy, { sizes: port }: Ports): Promise<void> => {
  const whole = (path: string, bytes: number) => statusOf({ port, path, body: 'x'.repeat(bytes) })
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
}

/** Whether locations of one upstream can have different read timeouts. */
const hasTimeoutPerLocation = ({ title }: RealProxy): boolean =>
  title !== 'HAProxy 2.2' && !title.startsWith('httpd')

/** Seconds until the proxy ends a connection on which it received these bytes, and what it sent. */
const ended = async (port: number, bytes: string) => {
  const start = Date.now()
  const client = await rawClient(port)
  client.send(bytes)
  const received = await client.settled(4000, 4000)
  client.close()
  return { seconds: Math.round((Date.now() - start) / 1000), received }
}

const limitsTimes = async (proxy: RealProxy, { quick, mixed }: Ports): Promise<void> => {
  const slow = '/?wait=2500'
  const host = 'Host: localhost\r\n'
  const [soon, late, report, page, headers, idle] = await Promise.all([
    statusOf({ port: quick, path: '/' }),
    statusOf({ port: quick, path: slow }),
    statusOf({ port: mixed, path: `/reports${slow}` }),
    statusOf({ port: mixed, path: slow }),
    ended(quick, `GET / HTTP/1.1\r\n${host}`),
    ended(quick, `GET / HTTP/1.1\r\n${host}\r\n`),
  ])
  expect({ soon, late, report, page }).toEqual({
    soon: 200,
    // mod_proxy_http does not tell a timeout from a broken connection.
    late: proxy.title.startsWith('httpd') ? 502 : 504,
    report: 200,
    page: hasTimeoutPerLocation(proxy) ? 504 : 200,
  })
  expect(headers.seconds, 'incomplete headers').toBeLessThanOrEqual(2)
  expect(idle.received).toMatch(/^HTTP\/1.1 200/)
  expect(idle.seconds, 'an idle connection').toBeLessThanOrEqual(2)
}

for (const proxy of allProxies)
  withServers(
    { server: proxy.server },
    `${proxy.title} follows the settings of frontends and locations`,
    async ({ server }) => {
      const ports = await startSite(proxy, server)
      await Promise.all([limitsBodies(proxy, ports), limitsTimes(proxy, ports)])
    },
    { concurrent: true },
  )
