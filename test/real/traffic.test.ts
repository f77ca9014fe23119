import { describe, expect } from 'vitest'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { freePort } from './support/free-port.ts'
import { type CookieJar, get, type Response } from './support/http.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import {
  findTomcat,
  type Missing,
  type Server,
  type Tomcat,
  withServers,
} from './support/servers.ts'
import { type RunningTomcat, stageTomcat, startTomcat } from './support/tomcat.ts'

const routes = ['tomcat01', 'tomcat02'] as const
type Route = (typeof routes)[number]

interface Ports {
  readonly web: number
  readonly tomcat01: number
  readonly tomcat02: number
}

interface Case {
  readonly title: string
  readonly proxy: RealProxy
  readonly affinity: string
  readonly tomcat: Tomcat | Missing
  /** The proxy's own cookie carries the affinity: without cookies nothing can. */
  readonly needsCookies: boolean
}

const specFor = (affinity: string, tomcat: Tomcat, ports: Ports, drained: Route | null): string => `
frontends:
  web:
    listen: ["127.0.0.1:${ports.web}"]
    locations: [{ match: /, upstream: tomcats }]
upstreams:
  tomcats:
    affinity: ${affinity}
    nextUpstream: { on: [error, timeout], tries: 2, timeout: 5s }
    servers:
${routes
  .map(
    (route) =>
      `      ${route}: { address: "127.0.0.1:${ports[route]}", state: ${route === drained ? 'drain' : 'up'}, tomcat: { shutdownPort: -1 } }`,
  )
  .join('\n')}
    app: { runtime: tomcat, version: "${tomcat.version}" }
`

const textOf = (artifacts: readonly Artifact[], path: string): string => {
  const artifact = artifacts.find((candidate) => candidate.path === path)
  if (!artifact) throw new Error(`nothing was written to ${path}`)
  return artifact.text
}

const startTomcats = async (tomcat: Tomcat, artifacts: readonly Artifact[], ports: Ports) => {
  const started = await Promise.all(
    routes.map(async (route): Promise<readonly [Route, RunningTomcat]> => {
      const base = stageTomcat(tomcat, {
        serverXml: textOf(artifacts, `tomcat/${route}/conf/server.xml`),
        contextXml: textOf(artifacts, `tomcat/${route}/conf/context.xml`),
      })
      return [route, await startTomcat(base, [ports[route]])]
    }),
  )
  for (const [, running] of started) expect(running.warnings()).toEqual([])
  return new Map(started)
}

interface Session {
  readonly session: string
  readonly count: number
  readonly route: Route
}

/** What the application says; the status is part of the promise: a failover is never a 5xx. */
const read = (response: Response): Session => {
  expect(response.status).toBe(200)
  return JSON.parse(response.body) as Session
}

const visit = async (port: number, cookies: CookieJar, path = '/session.jsp'): Promise<Session> =>
  read(await get(`http://127.0.0.1:${port}${path}`, { cookies }))

const sessionsStick = async (port: number, visits: number) => {
  const cookies: CookieJar = new Map()
  const first = await visit(port, cookies)
  expect(cookies.get('JSESSIONID')).toBe(first.session)
  expect(first.session).toMatch(/^[0-9A-F]{32}\.tomcat0[12]$/)
  expect(first.session.endsWith(`.${first.route}`)).toBe(true)
  for (let count = 2; count <= visits + 1; count++) {
    expect(await visit(port, cookies)).toMatchObject({
      session: first.session,
      route: first.route,
      count,
    })
  }
  return { cookies, first }
}

const urlsStick = async (port: number) => {
  const first = await visit(port, new Map())
  for (let count = 2; count <= 11; count++) {
    const again = await visit(port, new Map(), `/session.jsp;jsessionid=${first.session}`)
    expect(again).toMatchObject({ session: first.session, route: first.route, count })
  }
}

const bothAreUsed = async (port: number) => {
  const seen = new Set<Route>()
  for (let client = 0; client < 20; client++) seen.add((await visit(port, new Map())).route)
  expect([...seen].sort()).toEqual([...routes])
}

/** A client in the same private network, and one that pretends to be another client. */
const knowsTheClient = async (port: number) => {
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const response = await get(`http://127.0.0.1:${port}/session.jsp?create=false`, { headers })
    return read(response) as Session & Readonly<Record<string, unknown>>
  }
  const url = `http://127.0.0.1:${port}/session.jsp`
  const honest = { remoteAddr: '127.0.0.1', scheme: 'http', secure: false, url }
  expect(await ask({})).toMatchObject(honest)
  const lies = {
    'X-Forwarded-For': '10.0.0.1',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Port': '1',
  }
  expect(await ask(lies)).toMatchObject(honest)
}

/** A redirect to a whole URL leads back to the proxy: the port is not the usual one. */
const redirectsLeadBack = async (port: number) => {
  const first = await get(`http://127.0.0.1:${port}/session.jsp?redirect`)
  expect([first.status, first.headers.location]).toEqual([
    302,
    `http://127.0.0.1:${port}/session.jsp`,
  ])
}

const runTraffic = async (
  { proxy, affinity, needsCookies }: Case,
  server: Server,
  tomcat: Tomcat,
): Promise<void> => {
  const [web, tomcat01, tomcat02] = await Promise.all([freePort(), freePort(), freePort()])
  const ports: Ports = { web, tomcat01, tomcat02 }
  const artifacts = artifactsFor(proxy, server, specFor(affinity, tomcat, ports, null))
  const tomcats = await startTomcats(tomcat, artifacts, ports)
  let running = await proxy.start(server, artifacts, [web])

  await bothAreUsed(web)
  const { cookies, first } = await sessionsStick(web, 50)
  if (!needsCookies) await urlsStick(web)
  await knowsTheClient(web)
  await redirectsLeadBack(web)

  // Drained: clients with a session stay, new clients use the other server.
  await running.stop()
  const drained = artifactsFor(proxy, server, specFor(affinity, tomcat, ports, first.route))
  running = await proxy.start(server, drained, [web])
  for (let client = 0; client < 20; client++) {
    expect((await visit(web, new Map())).route).not.toBe(first.route)
    expect(await visit(web, cookies)).toMatchObject({ session: first.session, count: 52 + client })
  }

  // Killed: the next request is served by the other one, in a new session with its route.
  await running.stop()
  running = await proxy.start(server, artifacts, [web])
  expect((await visit(web, cookies)).session).toBe(first.session)
  await tomcats.get(first.route)?.kill()
  const moved = await visit(web, cookies)
  expect(moved.route).not.toBe(first.route)
  expect(moved).toMatchObject({ count: 1 })
  expect(moved.session.endsWith(`.${moved.route}`)).toBe(true)
  for (let count = 2; count <= 20; count++) {
    expect(await visit(web, cookies)).toMatchObject({ session: moved.session, count })
  }
  await running.stop()
  for (const one of tomcats.values()) await one.stop()
}

/** The route in the session id. */
const byRoute = (title: string, proxy: RealProxy, tomcat: string): Case => ({
  title: `${proxy.title}, ${title}`,
  proxy,
  affinity: '{ method: jvm_route }',
  tomcat: findTomcat(tomcat),
  needsCookies: false,
})

const byCookie = (title: string, proxy: RealProxy, tomcat: string): Case => ({
  ...byRoute(title, proxy, tomcat),
  affinity: '{ method: sticky, by: cookie, cookie: SERVERID, mode: insert }',
  needsCookies: true,
})

const cases: readonly Case[] = [
  byRoute('maps', nginxOf('1.18'), '9'),
  byRoute('maps', nginxOf('1.22'), '10.1'),
  byRoute('maps', nginxOf('1.26'), '11'),
  byRoute('native sticky', nginxOf('1.30'), '10.1'),
  byRoute('use-server', haproxyOf('2.2'), '9'),
  byRoute('use-server', haproxyOf('2.6'), '10.1'),
  byRoute('use-server', haproxyOf('3.2'), '11'),
  byCookie('cookie insert', haproxyOf('2.6'), '10.1'),
  byCookie('cookie insert', haproxyOf('3.0'), '9'),
  byRoute('stickysession', httpd, '10.1'),
]

describe('users of two Tomcats stay on their servers', () => {
  for (const each of cases) {
    const { title, proxy, tomcat } = each
    withServers({ server: proxy.server, tomcat }, title, ({ server, tomcat: home }) =>
      runTraffic(each, server, home),
    )
  }
})
