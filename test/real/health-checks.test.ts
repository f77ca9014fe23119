import { createServer, type Server as HttpServer } from 'node:http'
import { expect } from 'vitest'
import { compileText } from '../support/compile.ts'
import { startApache } from './support/apache.ts'
import { atEnd } from './support/cleanup.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, withServers } from './support/servers.ts'

/** A server with a health page, and a request `/slow` that it never answers. */
interface Checked {
  readonly port: number
  /** The answer of /health. */
  health: { status: number; text: string }
  /** `METHOD PATH HOST USER-AGENT` of the last check. */
  lastCheck: string
  /** Requests for /slow. */
  slow: number
}

const listening = async (server: HttpServer): Promise<number> => {
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  atEnd({ cleanUp: close, abandon: close })
  return port
}

const startChecked = async (name: string): Promise<Checked> => {
  const state = { port: 0, health: { status: 200, text: 'ready' }, lastCheck: '', slow: 0 }
  const server = createServer({ keepAliveTimeout: 0 }, ({ method, url, headers }, response) => {
    if (url === '/slow') {
      state.slow += 1
      return
    }
    if (url !== '/health') {
      response.end(name)
      return
    }
    state.lastCheck = `${method} ${url} ${headers.host} ${headers['user-agent']}`
    response.writeHead(state.health.status)
    response.end(state.health.text)
  })
  state.port = await listening(server)
  return state
}

const patient = { timeout: 60_000, interval: 100 }

/** The servers that answer, of several requests. */
const answering = async (port: number, path = '/'): Promise<readonly string[]> => {
  const names = new Set<string>()
  for (let request = 0; request < 4; request++)
    names.add((await get(`http://127.0.0.1:${port}${path}`)).body)
  return [...names].sort()
}

withServers(
  { haproxy: findServer('haproxy', '3.0') },
  'HAProxy checks method, host, status, text and port, and closes connections to a server that is down',
  async ({ haproxy }) => {
    const [a, b] = [await startChecked('a'), await startChecked('b')]
    const other = await startChecked('other')
    const port = await freePort()
    // Patient, because the servers are in this process, which may wait for a processor.
    const check =
      'interval: 200ms, downInterval: 100ms, timeout: 5s, rise: 1, fall: 1, uri: /health'
    await startHaproxy(
      haproxy,
      artifactOf(
        `version: 1
name: test
targets: { haproxy: { version: "3.0" } }
frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations: [{ match: /, upstream: app }, { match: /port/, upstream: elsewhere }]
upstreams:
  app:
    check: { ${check}, host: health.example.com, headers: { User-Agent: load balancer }, expect: { status: [200], text: ready }, onDown: close }
    servers: { n1: "127.0.0.1:${a.port}", n2: "127.0.0.1:${b.port}" }
  elsewhere:
    check: { ${check}, method: HEAD, port: ${other.port} }
    servers: { n1: "127.0.0.1:${a.port}" }
`,
        'haproxy/haproxy.cfg',
      ),
      [port],
    )
    await expect.poll(() => answering(port), patient).toEqual(['a', 'b'])
    await expect
      .poll(() => b.lastCheck, patient)
      .toBe('GET /health health.example.com load balancer')
    await expect.poll(() => other.lastCheck, patient).toMatch(/^HEAD \/health /)

    // Two requests, which are still running when "b" goes down: one on each server.
    let closed = 0
    const close = (): void => {
      closed += 1
    }
    for (let nth = 0; nth < 2; nth++)
      get(`http://127.0.0.1:${port}/slow`, { timeout: 200_000 }).then(close, close)
    await expect.poll(() => [a.slow, b.slow], patient).toEqual([1, 1])
    b.health = { status: 200, text: 'starting' }
    await expect.poll(() => answering(port), patient).toEqual(['a'])
    b.health = { status: 204, text: 'ready' }
    await expect.poll(() => closed, patient).toBe(1)
    expect(await answering(port)).toEqual(['a'])
    expect(closed).toBe(1)
    b.health = { status: 200, text: 'ready' }
    await expect.poll(() => answering(port), patient).toEqual(['a', 'b'])

    expect(await answering(port, '/port/')).toEqual(['a'])
    other.health = { status: 500, text: '' }
    await expect
      .poll(async () => (await get(`http://127.0.0.1:${port}/port/`)).status, patient)
      .toBe(503)
  },
)

withServers(
  { httpd: findServer('apache2', '2.4') },
  'httpd checks status and text',
  async ({ httpd }) => {
    const [a, b] = [await startChecked('a'), await startChecked('b')]
    const port = await freePort()
    const { artifacts } = compileText(`version: 1
name: test
targets: { httpd: { version: "${httpd.version}" } }
frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    check: { interval: 200ms, rise: 1, fall: 1, uri: /health, expect: { status: [200, "301-308"], text: "ready/go" } }
    servers: { n1: "127.0.0.1:${a.port}", n2: "127.0.0.1:${b.port}" }
`)
    const { text, modules } = httpdConfig(artifacts)
    a.health = { status: 302, text: 'ready/go' }
    b.health = { status: 200, text: 'ready/go' }
    await startApache(httpd, text, [port], modules)
    await expect.poll(() => b.lastCheck, patient).toContain('GET /health')
    await expect.poll(() => answering(port), patient).toEqual(['a', 'b'])
    b.health = { status: 200, text: 'ready' }
    await expect.poll(() => answering(port), patient).toEqual(['a'])
    b.health = { status: 204, text: 'ready/go' }
    await expect.poll(() => answering(port), patient).toEqual(['a'])
    b.health = { status: 200, text: 'ready/go' }
    await expect.poll(() => answering(port), patient).toEqual(['a', 'b'])
  },
)
