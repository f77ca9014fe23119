import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freePort } from '../real/support/free-port.ts'
import { get } from '../real/support/http.ts'
import { startNginx } from '../real/support/nginx.ts'
import { artifactOf } from '../real/support/proxied.ts'
import { startSyslog } from '../real/support/syslog.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { overVariants, type Variant } from './support/over-variants.ts'
import { startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'

/** What `generate` writes for this nginx, with a log in both formats. */
const start = async (variant: Variant) => {
  const dir = tempDir()
  const syslog = await startSyslog()
  const stubs = await startStubs('a', 'b')
  const [web, json] = [await freePort(), await freePort()]
  const [a, b] = stubs
  const spec = `
version: 1
name: shop
targets: { nginx: { version: "${variant.version}", modules: [jvm_route], unpatched: ${!variant.isPatched} } }
frontends:
  web:
    listen: ["127.0.0.1:${web}"]
    accessLog: { path: ${dir}/text.log, syslog: "127.0.0.1:${syslog.port}" }
    locations: [{ match: /, upstream: app }, { match: /plain/, upstream: plain }]
  json:
    listen: ["127.0.0.1:${json}"]
    accessLog: { path: ${dir}/json.log, format: json }
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    affinity: { method: jvm_route, via: module }
    servers: { a: "${a.address}", b: { address: "${b.address}", maxFails: 0 } }
  plain:
    servers: { a: "${a.address}" }
`
  const http = artifactOf(spec, 'nginx/shop.conf')
  await startNginx(variant, { main: variant.loadModule, http }, [web, json])
  const linesOf = (name: string): readonly string[] =>
    readFileSync(join(dir, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
  return { web, json, syslog, b, linesOf }
}

const cookie = (id: string) => ({ headers: { Cookie: `JSESSIONID=${id}` } })

overVariants('some', (variant) => {
  describe('the generated access log', () => {
    test('distinguishes new, pinned, unknown and failed-over sessions', async () => {
      const { web, json, syslog, b, linesOf } = await start(variant)
      const at = (path: string, port = web) => `http://127.0.0.1:${port}${path}`
      await get(at('/new'))
      await get(at('/pinned'), cookie('X.b'))
      await get(at('/url;jsessionid=X.a'))
      await get(at('/unknown'), cookie('X.z'))
      await get(at('/plain/'), cookie('X.b'))
      await b.kill()
      await get(at('/failover'), cookie('X.b'))
      await get(at('/quotes'), cookie('X."\\ {}'))
      await get(at('/json/', json), cookie('X."\\ {}'))

      await until('both logs are written', () => linesOf('text').length >= 7)
      const line =
        /^127\.0\.0\.1 \[.+\] "GET (\S+) HTTP\/1\.1" (\d+) upstream="(.+)" upstream_status="(.+)" route="(.*)" route_status="(.*)"$/
      const rows = linesOf('text').map((text) => line.exec(text)?.slice(1) ?? text)
      const shown = rows.map(([path, status, , , route, verdict]) =>
        [path, status, route, verdict].join(' '),
      )
      expect(shown).toEqual([
        '/new 200  NEW',
        '/pinned 200 b HIT',
        '/url;jsessionid=X.a 200 a HIT',
        '/unknown 200 z MISS',
        '/plain/ 200 - -',
        '/failover 200 b FAILOVER',
        '/quotes 200 \\x22\\x5C {} MISS',
      ])
      const failed = rows[5] ?? []
      expect(failed[2]?.split(', ')[0]).toBe(b.address)
      expect(failed[3]).toBe('502, 200')

      await until('the log of JSON is written', () => linesOf('json')[0] !== '')
      expect(JSON.parse(linesOf('json')[0] ?? '')).toMatchObject({
        client: '127.0.0.1',
        request: 'GET /json/ HTTP/1.1',
        status: '200',
        route: '"\\ {}',
        route_status: 'MISS',
      })
      await until('syslog has heard of all', () => syslog.lines().length >= 7)
      expect(syslog.lines().some((text) => text.endsWith(linesOf('text')[1] ?? '?'))).toBe(true)
    })
  })
})
