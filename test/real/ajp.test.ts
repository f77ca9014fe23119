import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, vi } from 'vitest'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { compileText } from '../support/compile.ts'
import { startApache } from './support/apache.ts'
import { freePorts } from './support/free-port.ts'
import { type CookieJar, get } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { findServer, findTomcat, type Tomcat, withServers } from './support/servers.ts'
import { stageTomcat, startTomcat, stockServerXml } from './support/tomcat.ts'

vi.setConfig({ testTimeout: 300_000 })

const secret = 'a secret of <two>'
const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' }

const startGenerated = async (
  tomcat: Tomcat,
  artifacts: readonly Artifact[],
  name: string,
  ports: readonly number[],
): Promise<readonly string[]> => {
  const base = stageTomcat(tomcat, { serverXml: '' })
  for (const { path, bytes } of artifacts) {
    if (!path.startsWith(`tomcat/${name}/`)) continue
    const file = join(base.dir, path.slice(`tomcat/${name}/`.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  const { warnings } = await startTomcat(base, ports, { AJP_SECRET: secret })
  return warnings()
}

/** `a` gets a new server.xml; that of `b` is one of Tomcat, to which the Connector is added. */
withServers(
  { httpd: findServer('apache2', '2.4'), tomcat: findTomcat('11') },
  'httpd speaks AJP to Tomcat with its secret, and a session stays on its server',
  async ({ httpd, tomcat }) => {
    const [web = 0, other = 0, a = 0, b = 0, http = 0] = await freePorts(5)
    const compiled = (port: number) =>
      compileText(
        `version: 1
name: test
targets: { httpd: { version: "${httpd.version}" } }
frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    clientAddress: { trust: [127.0.0.1] }
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    protocol: ajp
    ajpSecret: { env: AJP_SECRET }
    affinity: { method: jvm_route }
    app: { runtime: tomcat, version: "${tomcat.version}" }
    servers:
      a: { address: "127.0.0.1:${a}", tomcat: { shutdownPort: -1 } }
      b: { address: "127.0.0.1:${b}", tomcat: { base: server.xml } }
`,
        new Map([['server.xml', new TextEncoder().encode(stockServerXml(tomcat, http, 'old'))]]),
      )
    const { artifacts, diagnostics } = compiled(web)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(await startGenerated(tomcat, artifacts, 'a', [a])).toEqual([])
    expect(await startGenerated(tomcat, artifacts, 'b', [b, http])).toEqual([])
    const { text, modules } = httpdConfig(artifacts)
    await startApache(httpd, text, [web], modules, { AJP_SECRET: secret })
    const another = httpdConfig(compiled(other).artifacts)
    await startApache(httpd, another.text, [other], another.modules, { AJP_SECRET: 'another' })

    const page = async (cookies: CookieJar, port = web) => {
      const response = await get(`http://127.0.0.1:${port}/session.jsp`, { cookies, headers })
      return response.status === 200
        ? (JSON.parse(response.body) as Record<string, unknown>)
        : { status: response.status }
    }
    const seen: Record<string, unknown>[] = []
    for (let user = 0; user < 4; user += 1) {
      const cookies: CookieJar = new Map()
      const first = await page(cookies)
      const second = await page(cookies)
      expect(second).toMatchObject({ session: first['session'], route: first['route'], count: 2 })
      seen.push(second)
    }
    expect(new Set(seen.map(({ route }) => route))).toEqual(new Set(['a', 'b']))
    expect(new Set(seen.map(({ remoteAddr }) => remoteAddr))).toEqual(new Set(['203.0.113.9']))
    // Only the new file knows that every request is from httpd.
    expect(seen.find(({ route }) => route === 'a')).toMatchObject({ scheme: 'https', secure: true })
    expect(await page(new Map(), other)).toEqual({ status: 403 })
    expect(await page(new Map(), other)).toEqual({ status: 403 })
  },
)
