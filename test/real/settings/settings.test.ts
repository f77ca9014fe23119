import { gunzipSync } from 'node:zlib'
import { beforeAll, expect } from 'vitest'
import { freePorts } from '../support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from '../support/proxies.ts'
import { rawClient } from '../support/raw-client.ts'
import { isWhole } from '../support/raw-http.ts'
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
  readonly idle: number
  readonly mixed: number
  readonly tcp: number
  readonly texts: number
}

const specOf = ({ sizes, quick, idle, mixed, tcp, texts }: Ports): string => `frontends:
  sizes:
    listen: ["127.0.0.1:${sizes}"]
    maxBodySize: 1k
    locations:
      - { match: /, upstream: app }
      - { match: /upload/, upstream: app, maxBodySize: 4k }
      - { match: '~ \\.bin$', upstream: app, maxBodySize: unlimited }
  quick:
    listen: ["127.0.0.1:${quick}"]
    timeouts: { read: 3s }
    locations: [{ match: /, upstream: quick }]
  idle:
    listen: ["127.0.0.1:${idle}"]
    timeouts: { client: 30s, headers: 1s, keepalive: 1s }
    locations:
      - { match: /, upstream: app }
      - { match: /slow/, upstream: app, timeouts: { client: 1s } }
  mixed:
    listen: ["127.0.0.1:${mixed}"]
    timeouts: { read: 3s }
    locations:
      - { match: /, upstream: mixed }
      - { match: /reports/, upstream: mixed, timeouts: { read: 30s } }
  tcp:
    listen: [{ address: "127.0.0.1:${tcp}", proxyProtocol: true }]
    clientAddress: { trust: [127.0.0.1] }
    locations: [{ match: /, upstream: app }]
  texts:
    listen: ["127.0.0.1:${texts}"]
    compression: true
    locations:
      - { match: /, upstream: texts }
      - { match: /raw/, upstream: raw, compression: false, buffering: { response: false, request: false } }
      - { match: /headers/, upstream: large, buffering: { responseHeaders: 32k } }
upstreams:
  texts: { servers: { app: "127.0.0.1:${app.port}" } }
  large: { servers: { app: "127.0.0.1:${app.port}" } }
  raw: { servers: { app: "127.0.0.1:${app.port}" } }
  app: { servers: { app: "127.0.0.1:${app.port}" } }
  quick: { servers: { app: "127.0.0.1:${app.port}" } }
  mixed: { servers: { app: "127.0.0.1:${app.port}" } }
`

const startSite = async (proxy: RealProxy, server: Server): Promise<Ports> => {
  const [sizes = 0, quick = 0, idle = 0, mixed = 0, tcp = 0, texts = 0] = await freePorts(6)
  const ports = { sizes, quick, idle, mixed, tcp, texts }
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

/** Longer than the timeouts of a second, much shorter than those of half a minute. */
const patience = 8_000

/** Whether the proxy ends a connection on which it received these bytes, and sent this. */
const isEnded = async (port: number, bytes: string, answer?: RegExp): Promise<boolean> => {
  const client = await rawClient(port)
  client.send(bytes)
  if (answer !== undefined) expect(await client.until(isWhole)).toMatch(answer)
  const isEnded = await client.endsWithin(patience)
  client.close()
  return isEnded
}

const limitsTimes = async (proxy: RealProxy, { quick, idle, mixed }: Ports): Promise<void> => {
  const slow = '/?wait=6000'
  const host = 'Host: localhost\r\n'
  const [soon, late, report, page, headers, kept, body] = await Promise.all([
    statusOf({ port: quick, path: '/' }),
    statusOf({ port: quick, path: slow }),
    statusOf({ port: mixed, path: `/reports${slow}` }),
    statusOf({ port: mixed, path: slow }),
    isEnded(idle, `GET / HTTP/1.1\r\n${host}`),
    isEnded(idle, `GET / HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1.1 200/),
    isEnded(idle, `POST /slow/ HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nabc`),
  ])
  expect({ soon, late, report, page }).toEqual({
    soon: 200,
    // mod_proxy_http does not tell a timeout from a broken connection.
    late: proxy.title.startsWith('httpd') ? 502 : 504,
    report: 200,
    page: hasTimeoutPerLocation(proxy) ? 504 : 200,
  })
  // Others have the longer timeout of the frontend for a body, which is reported.
  const isPerLocation = proxy.title.startsWith('nginx')
  expect({ headers, kept, body }).toEqual({ headers: true, kept: true, body: isPerLocation })
}

/** How much of a header of 30000 bytes arrives, or the status of another answer. */
const lengthOf = async (port: number, path: string): Promise<number | string> => {
  const client = await rawClient(port)
  const lines = [`GET ${path}?header=30000 HTTP/1.1`, 'Host: localhost', 'Connection: close']
  client.send(`${lines.join('\r\n')}\r\n\r\n`)
  const received = await client.until(isWhole)
  client.close()
  const [, status = ''] = received.split(' ')
  return status === '200' ? (/^x-long: (a*)/im.exec(received)?.[1]?.length ?? 0) : status
}

const acceptsHeaders = async ({ title }: RealProxy, { texts: port }: Ports): Promise<void> => {
  expect(await lengthOf(port, '/headers/')).toBe(30_000)
  // All buffers of HAProxy have one size.
  expect(await lengthOf(port, '/')).toBe(title.startsWith('HAProxy') ? 30_000 : '502')
}

const client = '203.0.113.7'

/** The header of the PROXY protocol for this client, as text and in binary. */
const headers = {
  v1: `PROXY TCP4 ${client} 127.0.0.1 50000 80\r\n`,
  v2: Buffer.from([
    ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a],
    ...[0x21, 0x11, 0, 12],
    ...[203, 0, 113, 7, 127, 0, 0, 1, 0xc3, 0x50, 0, 80],
  ]).toString('latin1'),
}

/** The client address that the application gets; null: the request does not reach it. */
const addressSeen = async (port: number, header: string, from: string): Promise<string | null> => {
  // A connection that is rejected can be reset before it is established here.
  const raw = await rawClient(port, from).catch(() => null)
  if (raw === null) return null
  raw.send(`${header}GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n`)
  const received = await raw.until(isWhole)
  raw.close()
  return /"x-forwarded-for":"([^"]*)"/.exec(received)?.[1] ?? null
}

/** What becomes of the address that a peer outside of `trust` sends. */
const untrusted = ({ title }: RealProxy, peer: string): string | null => {
  if (title.startsWith('nginx')) return peer
  return title.startsWith('HAProxy') ? null : client
}

const readsProxyProtocol = async (proxy: RealProxy, { tcp }: Ports): Promise<void> => {
  const peer = '127.0.0.5'
  expect({
    v1: await addressSeen(tcp, headers.v1, '127.0.0.1'),
    v2: await addressSeen(tcp, headers.v2, '127.0.0.1'),
    without: await addressSeen(tcp, '', '127.0.0.1'),
    untrusted: await addressSeen(tcp, headers.v1, peer),
  }).toEqual({ v1: client, v2: client, without: null, untrusted: untrusted(proxy, peer) })
}

const compressesTexts = async ({ texts: port }: Ports): Promise<void> => {
  const headers = { 'Accept-Encoding': 'gzip' }
  const long = `/long?text=${'abc'.repeat(400)}`
  const [gzipped, plain, twice, raw] = await Promise.all([
    send({ port, path: long, headers }),
    send({ port, path: long }),
    send({ port, path: `${long}&encoding=gzip`, headers }),
    send({ port, path: `/raw${long}`, headers }),
  ])
  expect({
    gzipped: gzipped.headers['content-encoding'],
    vary: gzipped.headers.vary?.toLowerCase(),
    plain: plain.headers['content-encoding'],
    twice: twice.headers['content-encoding'],
    raw: raw.headers['content-encoding'],
  }).toEqual({
    gzipped: 'gzip',
    vary: 'accept-encoding',
    plain: undefined,
    twice: 'gzip',
    raw: undefined,
  })
  const text = plain.body.toString()
  expect(JSON.parse(gunzipSync(gzipped.body).toString())).toMatchObject({ url: long })
  // The application compressed it: decompressed once, it is the text.
  expect(JSON.parse(gunzipSync(twice.body).toString())).toMatchObject({ method: 'GET' })
  expect(gzipped.body.length).toBeLessThan(text.length / 2)
}

/** The first part of an answer arrives before the application sends the second one. */
const passesOnEvents = async ({ texts: port }: Ports): Promise<void> => {
  const raw = await rawClient(port)
  raw.send('GET /raw/events?pause=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const received = await raw.until((text) => text.includes('first'))
  raw.close()
  expect(received).not.toContain('second')
}

/** docs/threats.md names it. */
const shown = 'follows the settings of frontends and locations'

for (const proxy of allProxies)
  withServers(
    { server: proxy.server },
    `${proxy.title} ${shown}`,
    async ({ server }) => {
      const ports = await startSite(proxy, server)
      await Promise.all([
        limitsBodies(proxy, ports),
        limitsTimes(proxy, ports),
        readsProxyProtocol(proxy, ports),
        compressesTexts(ports),
        acceptsHeaders(proxy, ports),
        passesOnEvents(ports),
      ])
    },
    { concurrent: true },
  )
