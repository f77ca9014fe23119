import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { compileText } from '../support/compile.ts'
import { startApache } from './support/apache.ts'
import { type Backend, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { startNginx } from './support/nginx.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, withServers } from './support/servers.ts'
import { startSyslog } from './support/syslog.ts'
import { tempDir } from './support/temp-dir.ts'

interface Ports {
  readonly web: number
  readonly json: number
}

const listening = async (): Promise<Ports> => ({ web: await freePort(), json: await freePort() })

/** Two frontends before one upstream, the second with a log of JSON. */
const specOf = (target: string, ports: Ports, logs: readonly string[], servers: string): string => `
version: 1
name: shop
targets: { ${target} }
frontends:
  web:
    listen: ["127.0.0.1:${ports.web}"]
    accessLog: { ${logs[0]} }
    locations: [{ match: /, upstream: app }]
  json:
    listen: ["127.0.0.1:${ports.json}"]
    accessLog: { ${logs[1]}, format: json }
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    affinity: { method: jvm_route }
    servers: { ${servers} }
`

const serversOf = (backends: readonly Backend[]): string =>
  backends.map(({ name, port }) => `${name}: "127.0.0.1:${port}"`).join(', ')

const cookie = (id: string) => ({ headers: { Cookie: `JSESSIONID=${id}` } })

/** New, pinned by cookie and by URL, and of an unknown server; then one in JSON. */
const askAll = async ({ web, json }: Ports): Promise<void> => {
  const at = (path: string) => `http://127.0.0.1:${web}${path}`
  await get(at('/new'))
  await get(at('/pinned'), cookie('X.b'))
  await get(at('/url;jsessionid=X.a'))
  await get(at('/unknown'), cookie('X.z"y'))
  await get(`http://127.0.0.1:${json}/json/`, cookie('X.b"\\'))
}

/** The lines as soon as there are so many; fails with what is there in half a minute. */
const waitFor = async (
  count: number,
  read: () => readonly string[],
): Promise<readonly string[]> => {
  const deadline = performance.now() + 30_000
  while (read().length < count && performance.now() < deadline) await sleep(20)
  expect(read()).toHaveLength(count)
  return read()
}

const linesIn = (dir: string, name: string) => (): readonly string[] => {
  const file = join(dir, name)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

const backends = (): Promise<[Backend, Backend]> =>
  Promise.all([startBackend('a'), startBackend('b')])

describe.each(['1.18', '1.22', '1.26', '1.30'])('nginx %s logs', (version) => {
  withServers({ nginx: findServer('nginx', version) }, 'logs the route', async ({ nginx }) => {
    const [dir, ports, [a, b]] = [tempDir(), await listening(), await backends()]
    const logs = [`path: ${dir}/text.log`, `path: ${dir}/json.log`]
    const spec = specOf(`nginx: { version: "${nginx.version}" }`, ports, logs, serversOf([a, b]))
    await startNginx(nginx, { http: artifactOf(spec, 'nginx/shop.conf') }, [ports.web, ports.json])
    await askAll(ports)
    const line = /"GET (\S+) HTTP\/1\.1" 200 upstream="127.0.0.1:(\d+)" .* route="(.*)"$/
    const text = await waitFor(4, linesIn(dir, 'text.log'))
    expect(text.map((each) => line.exec(each)?.slice(1) ?? each)).toEqual([
      ['/new', expect.any(String), ''],
      ['/pinned', `${b.port}`, 'b'],
      ['/url;jsessionid=X.a', `${a.port}`, 'a'],
      ['/unknown', expect.any(String), 'z\\x22y'],
    ])
    const [json = ''] = await waitFor(1, linesIn(dir, 'json.log'))
    expect(JSON.parse(json)).toMatchObject({
      client: '127.0.0.1',
      request: 'GET /json/ HTTP/1.1',
      status: '200',
      upstream_status: '200',
      route: 'b"\\',
    })
  })
})

describe.each(['2.2', '2.6', '3.0', '3.2'])('HAProxy %s logs', (version) => {
  withServers(
    { haproxy: findServer('haproxy', version) },
    'logs the route',
    async ({ haproxy }) => {
      const [ports, [a, b]] = [await listening(), await backends()]
      const [text, json] = [await startSyslog(), await startSyslog()]
      const logs = [text, json].map(({ port }) => `syslog: "127.0.0.1:${port}"`)
      const target = `haproxy: { version: "${haproxy.version}" }`
      const spec = specOf(target, ports, logs, serversOf([a, b]))
      await startHaproxy(haproxy, artifactOf(spec, 'haproxy/haproxy.cfg'), [ports.web, ports.json])
      await askAll(ports)
      const line = /"GET (\S+) HTTP\/1\.1" 200 server="app\/([ab])" state="(\S+)" route="(.*)"$/
      // 2.2 also logs that the frontend has started.
      const requests = () => text.lines().filter((each) => each.includes('"GET'))
      const seen = (await waitFor(4, requests)).map((each) => line.exec(each)?.slice(1) ?? each)
      expect(seen).toEqual([
        ['/new', expect.any(String), '----', '-'],
        ['/pinned', 'b', '----', 'b'],
        ['/url;jsessionid=X.a', 'a', '----', 'a'],
        ['/unknown', expect.any(String), '----', 'z\\"y'],
      ])
      const objects = () => json.lines().filter((each) => each.includes('{'))
      const [message = ''] = await waitFor(1, objects)
      expect(JSON.parse(message.slice(message.indexOf('{')))).toMatchObject({
        client: '127.0.0.1',
        request: 'GET /json/',
        status: '200',
        server: expect.stringMatching(/^app\/[ab]$/),
        route: 'b"\\',
      })
    },
  )

  const title = 'what its cookie said, on its standard output'
  withServers({ haproxy: findServer('haproxy', version) }, title, async ({ haproxy }) => {
    const [ports, [a, b]] = [await listening(), await backends()]
    const logs = ['path: /dev/stdout', 'path: /dev/stdout']
    const spec = specOf(
      `haproxy: { version: "${haproxy.version}" }`,
      ports,
      logs,
      serversOf([a, b]),
    ).replace('method: jvm_route', 'method: sticky, by: cookie, cookie: SRV')
    const config = artifactOf(spec, 'haproxy/haproxy.cfg')
    const { output } = await startHaproxy(haproxy, config, [ports.web, ports.json])
    const at = `http://127.0.0.1:${ports.web}`
    await get(`${at}/new`)
    await get(`${at}/pinned`, { headers: { Cookie: 'SRV=b' } })
    await get(`${at}/unknown`, { headers: { Cookie: 'SRV=z' } })
    const line = /"GET (\S+) HTTP\/1\.1" 200 server="app\/([ab])" state="(\S+)"$/
    const rows = await waitFor(3, () =>
      output()
        .split('\n')
        .flatMap((each) => {
          const row = line.exec(each)
          return row === null ? [] : [row.slice(1).join(' ')]
        }),
    )
    // N: no cookie, V: valid, I: of no server; I at the end: one was inserted.
    expect(rows[0]).toMatch(/^\/new [ab] --NI$/)
    expect(rows[1]).toBe('/pinned b --VN')
    expect(rows[2]).toMatch(/^\/unknown [ab] --II$/)
  })
})

describe('Apache httpd 2.4 logs', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  withServers(needs, 'logs the route and whether it changed', async ({ httpd }) => {
    const [dir, ports, [a, b]] = [tempDir(), await listening(), await backends()]
    const logs = [`path: ${dir}/text.log`, `path: ${dir}/json.log`]
    const target = `httpd: { version: "${httpd.version}" }`
    const { artifacts, diagnostics } = compileText(specOf(target, ports, logs, serversOf([a, b])))
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toContain('field-not-followed')
    const { text, modules } = httpdConfig(artifacts)
    await startApache(httpd, text, [ports.web, ports.json], modules)
    await askAll(ports)
    await b.stop()
    await get(`http://127.0.0.1:${ports.web}/failover`, cookie('X.b'))
    const line =
      /"GET (\S+) HTTP\/1\.1" 200 server="(\S+)" route="(.*)" server_route="([ab])" route_changed="(.)"$/
    const rows = await waitFor(5, linesIn(dir, 'text.log'))
    const seen = rows.map((each) => line.exec(each)?.slice(1).join(' ') ?? each)
    const [atA, atB] = [`http://127.0.0.1:${a.port}`, `http://127.0.0.1:${b.port}`]
    expect(seen[0]).toMatch(/^\/new http:\S+ - [ab] 1$/)
    expect(seen[1]).toBe(`/pinned ${atB} b b -`)
    expect(seen[2]).toBe(`/url;jsessionid=X.a ${atA} a a -`)
    expect(seen[3]).toMatch(/^\/unknown http:\S+ z\\"y [ab] 1$/)
    expect(seen[4]).toBe(`/failover ${atA} b a 1`)
    expect(linesIn(dir, 'json.log')()).toHaveLength(1)
  })
})
