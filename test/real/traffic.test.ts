import { describe, expect } from 'vitest'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { compileText } from '../support/compile.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { type CookieJar, get, type Response } from './support/http.ts'
import { startNginx } from './support/nginx.ts'
import type { RunningServer } from './support/process.ts'
import { findServer, findTomcat, type Server, type Tomcat, withServers } from './support/servers.ts'
import { type RunningTomcat, stageTomcat, startTomcat } from './support/tomcat.ts'

const routes = ['tomcat01', 'tomcat02'] as const
type Route = (typeof routes)[number]

interface Ports {
  readonly web: number
  readonly tomcat01: number
  readonly tomcat02: number
}

interface Proxy {
  /** Below `targets`. */
  readonly target: (server: Server) => string
  readonly affinity: string
  readonly start: (
    server: Server,
    artifacts: readonly Artifact[],
    port: number,
  ) => Promise<RunningServer>
  /** The proxy's own cookie carries the affinity: without cookies nothing can. */
  readonly needsCookies: boolean
}

const specFor = (
  proxy: Proxy,
  server: Server,
  tomcat: Tomcat,
  ports: Ports,
  drained: Route | null,
): string => `
version: 1
name: traffic
targets: ${proxy.target(server)}
frontends:
  web:
    listen: ["127.0.0.1:${ports.web}"]
    locations: [{ match: /, upstream: tomcats }]
upstreams:
  tomcats:
    affinity: ${proxy.affinity}
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

const artifactsOf = (spec: string): readonly Artifact[] => {
  const { artifacts, diagnostics } = compileText(spec)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return artifacts
}

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

const runTraffic = async (proxy: Proxy, server: Server, tomcat: Tomcat): Promise<void> => {
  const [web, tomcat01, tomcat02] = await Promise.all([freePort(), freePort(), freePort()])
  const ports: Ports = { web, tomcat01, tomcat02 }
  const artifacts = artifactsOf(specFor(proxy, server, tomcat, ports, null))
  const tomcats = await startTomcats(tomcat, artifacts, ports)
  let running = await proxy.start(server, artifacts, web)

  await bothAreUsed(web)
  const { cookies, first } = await sessionsStick(web, 50)
  if (!proxy.needsCookies) await urlsStick(web)

  // Drained: who has a session there stays, who comes new goes elsewhere.
  await running.stop()
  running = await proxy.start(
    server,
    artifactsOf(specFor(proxy, server, tomcat, ports, first.route)),
    web,
  )
  for (let client = 0; client < 20; client++) {
    expect((await visit(web, new Map())).route).not.toBe(first.route)
    expect(await visit(web, cookies)).toMatchObject({ session: first.session, count: 52 + client })
  }

  // Killed: the next request is served by the other one, in a new session with its route.
  await running.stop()
  running = await proxy.start(server, artifacts, web)
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

const jvmRoute = '{ method: jvm_route }'

const nginx: Proxy = {
  target: ({ version }) => `{ nginx: { version: "${version}" } }`,
  affinity: jvmRoute,
  start: (server, artifacts, port) =>
    startNginx(server, { http: textOf(artifacts, 'nginx/traffic.conf') }, [port]),
  needsCookies: false,
}

const haproxy: Proxy = {
  target: ({ version }) => `{ haproxy: { version: "${version}" } }`,
  affinity: jvmRoute,
  start: (server, artifacts, port) =>
    startHaproxy(server, textOf(artifacts, 'haproxy/haproxy.cfg'), [port]),
  needsCookies: false,
}

const haproxyCookie: Proxy = {
  ...haproxy,
  affinity: '{ method: sticky, by: cookie, cookie: SERVERID, mode: insert }',
  needsCookies: true,
}

const cases = [
  {
    title: 'nginx 1.18, maps',
    proxy: nginx,
    server: findServer('nginx', '1.18'),
    tomcat: findTomcat('9'),
  },
  {
    title: 'nginx 1.22, maps',
    proxy: nginx,
    server: findServer('nginx', '1.22'),
    tomcat: findTomcat('10.1'),
  },
  {
    title: 'nginx 1.26, maps',
    proxy: nginx,
    server: findServer('nginx', '1.26'),
    tomcat: findTomcat('11'),
  },
  {
    title: 'nginx 1.30, native sticky',
    proxy: nginx,
    server: findServer('nginx', '1.30'),
    tomcat: findTomcat('10.1'),
  },
  {
    title: 'HAProxy 2.2, use-server',
    proxy: haproxy,
    server: findServer('haproxy', '2.2'),
    tomcat: findTomcat('9'),
  },
  {
    title: 'HAProxy 2.6, use-server',
    proxy: haproxy,
    server: findServer('haproxy', '2.6'),
    tomcat: findTomcat('10.1'),
  },
  {
    title: 'HAProxy 3.2, use-server',
    proxy: haproxy,
    server: findServer('haproxy', '3.2'),
    tomcat: findTomcat('11'),
  },
  {
    title: 'HAProxy 2.6, cookie insert',
    proxy: haproxyCookie,
    server: findServer('haproxy', '2.6'),
    tomcat: findTomcat('10.1'),
  },
  {
    title: 'HAProxy 3.0, cookie insert',
    proxy: haproxyCookie,
    server: findServer('haproxy', '3.0'),
    tomcat: findTomcat('9'),
  },
] as const

describe('two Tomcats, and users who stay on theirs', () => {
  for (const { title, proxy, server, tomcat } of cases) {
    withServers({ server, tomcat }, title, ({ server: found, tomcat: home }) =>
      runTraffic(proxy, found, home),
    )
  }
})
