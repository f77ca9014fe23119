import { availableParallelism } from 'node:os'
import { beforeAll, expect } from 'vitest'
import { freePorts } from '../support/free-port.ts'
import { artifactsFor, haproxyOf, nginxOf, type RealProxy } from '../support/proxies.ts'
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
  readonly rates: number
  readonly sessions: number
  readonly busy: number
}

/** Per second, and above it. */
const rate = 4
const burst = 3
const limit = `requests: ${rate}/s, burst: ${burst}`

const specOf = ({ rates, sessions, busy }: Ports): string => `frontends:
  rates:
    listen: ["127.0.0.1:${rates}"]
    limits: { perAddress: { ${limit} } }
    locations:
      - { match: /, upstream: app }
      - { match: /login, upstream: app, limits: { perAddress: { ${limit} }, status: 420 } }
      - { match: /static/, upstream: app, limits: false }
      - { match: = /health, respond: { body: ok } }
  sessions:
    listen: ["127.0.0.1:${sessions}"]
    limits: { perSession: { cookie: shop.session, ${limit} }, perAddress: { requests: 20/s } }
    locations: [{ match: /, upstream: app }]
  busy:
    listen: ["127.0.0.1:${busy}"]
    limits: { perAddress: { connections: 2 }, status: 503 }
    locations: [{ match: /, upstream: app }]
upstreams:
  app: { servers: { app: "127.0.0.1:${app.port}" } }
`

const startSite = async (proxy: RealProxy, server: Server): Promise<Ports> => {
  const [rates = 0, sessions = 0, busy = 0] = await freePorts(3)
  const ports = { rates, sessions, busy }
  await proxy.start(server, artifactsFor(proxy, server, specOf(ports)), Object.values(ports))
  return ports
}

/** Statuses of requests that are sent at once, and how many of them the rate allows to be accepted. */
const atOnce = async (requests: readonly Sent[], perSecond = rate, above = burst) => {
  const start = Date.now()
  const answers = await Promise.all(requests.map(send))
  const seconds = (Date.now() - start) / 1000
  const statuses = answers.map(({ status }) => status)
  const accepted = statuses.filter((status) => status === 200).length
  // Requests that HAProxy's threads handle at the same moment do not see each other in the counter.
  const most = above + availableParallelism() * (1 + Math.ceil(seconds * perSecond))
  return { statuses: new Set(statuses), accepted, isWithinRate: accepted <= most }
}

/** They are at once enough, as long as they take less than four seconds. */
const enough = 20

const many = (request: Sent, count = enough): readonly Sent[] => Array<Sent>(count).fill(request)

const inTime = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Some are accepted, the others get this status. */
const expectLimited = (seen: Awaited<ReturnType<typeof atOnce>>, status: number): void => {
  expect(seen).toMatchObject({ statuses: new Set([200, status]), isWithinRate: true })
  expect(seen.accepted).toBeGreaterThan(burst)
}

const limitsRates = async ({ rates: port }: Ports): Promise<void> => {
  const one = many({ port, path: '/' })
  const [first, other, login, files, health] = await Promise.all([
    atOnce(one),
    atOnce(many({ port, path: '/', from: '127.0.0.2' })),
    atOnce(many({ port, path: '/login' })),
    atOnce(many({ port, path: '/static/a.css' })),
    atOnce(many({ port, path: '/health' })),
  ])
  expectLimited(first, 429)
  expectLimited(other, 429)
  expectLimited(login, 420)
  expect(files.accepted).toBe(enough)
  expect(health.accepted).toBe(enough)
  await inTime(2100)
  expectLimited(await atOnce(one), 429)
}

const limitsSessions = async ({ sessions: port }: Ports): Promise<void> => {
  const of = (cookie: string, from: string): Sent => ({
    port,
    path: '/',
    from,
    headers: { Cookie: `theme=dark; shop.session=${cookie}` },
  })
  const [one, other, without, forged] = await Promise.all([
    atOnce(many(of('one', '127.0.0.3'))),
    atOnce(many(of('two', '127.0.0.4'))),
    atOnce(many({ port, path: '/', from: '127.0.0.5' })),
    atOnce(
      Array.from({ length: 40 }, (_, index) => of(`forged${index}`, '127.0.0.6')),
      20,
      20,
    ),
  ])
  expectLimited(one, 429)
  expectLimited(other, 429)
  expectLimited(without, 429)
  // Each of them has a new cookie: the limit per address holds.
  expect(forged).toMatchObject({ statuses: new Set([200, 429]), isWithinRate: true })
  expect(forged.accepted).toBeGreaterThan(20)
}

const limitsConnections = async ({ busy: port }: Ports): Promise<void> => {
  const slow = { port, path: '/?wait=3000' }
  const answers = await Promise.all([slow, slow, slow, { ...slow, from: '127.0.0.2' }].map(send))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 503])
  // Connections on which no request is processed do not count.
  const idle = await Promise.all([1, 2, 3].map(() => rawClient(port)))
  for (const client of idle) {
    client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await client.until(isWhole)).toContain(' 200 ')
  }
  expect((await send({ port, path: '/' })).status).toBe(200)
  for (const client of idle) client.close()
}

const proxies: readonly RealProxy[] = [
  ...['1.18', '1.26', '1.30'].map(nginxOf),
  ...['2.2', '2.6', '3.0', '3.2'].map(haproxyOf),
]

for (const proxy of proxies)
  withServers(
    { server: proxy.server },
    `${proxy.title}: limits of requests and connections, per address and per session`,
    async ({ server }) => {
      const ports = await startSite(proxy, server)
      await Promise.all([limitsRates(ports), limitsSessions(ports), limitsConnections(ports)])
    },
    { concurrent: true },
  )
