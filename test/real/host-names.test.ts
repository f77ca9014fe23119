import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { canHaveHosts, withHosts } from '../module/support/hosts.ts'
import { compileText } from '../support/compile.ts'
import { atEnd } from './support/cleanup.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const name = 'several.test'
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4']

/** One port of all addresses of the name, each of which says which it is. */
const startAll = async (): Promise<number> => {
  const port = await freePort()
  for (const address of addresses) {
    const server = createServer((_request, response) => {
      response.end(address)
    })
    await new Promise<void>((resolve) => server.listen(port, address, resolve))
    atEnd({
      cleanUp: () => new Promise((done) => server.close(() => done())),
      abandon: () => server.unref(),
    })
  }
  return port
}

/** The same program, which finds the name in a /etc/hosts of its own. */
const knowingTheName = (server: Server): Server => {
  const dir = tempDir()
  const [program, ...args] = withHosts([server.command], { [name]: addresses }, dir)
  const quoted = [program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const command = join(dir, 'with-hosts')
  writeFileSync(command, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 })
  return { ...server, command }
}

const specOf = (target: string, listen: number, port: number): string => `version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: ["127.0.0.1:${listen}"], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { one: "${name}:${port}" }
`

/** Who answers eight requests of one session. */
const answersOf = async (port: number): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>()
  const headers = { Cookie: 'JSESSIONID=A.one' }
  for (let nth = 0; nth < 8; nth += 1)
    seen.add((await get(`http://127.0.0.1:${port}/`, { headers })).body)
  return seen
}

/** The server that answers a session pinned to the only server, and whether the name is reported. */
const seenWith = async (proxy: RealProxy, server: Server): Promise<number> => {
  const [listen, port] = [await freePort(), await startAll()]
  const spec = specOf(proxy.target(server), listen, port)
  const { artifacts, diagnostics } = compileText(spec)
  expect(diagnostics.map(({ code }) => code)).toContain('server-host-name')
  await proxy.start(knowingTheName(server), artifacts, [listen])
  return (await answersOf(listen)).size
}

describe.skipIf(!(await canHaveHosts()))('a host name with three addresses', () => {
  const all: readonly (readonly [string, RealProxy, number])[] = [
    ['nginx alternates between them with maps', nginxOf('1.22'), 3],
    ['nginx sends pinned requests to the first of them with native sticky', nginxOf('1.30'), 1],
    ['HAProxy uses one of them', haproxyOf('3.2'), 1],
    ['httpd uses the first that answers', httpd, 1],
  ]
  for (const [title, proxy, count] of all)
    withServers({ server: proxy.server }, title, async ({ server }) => {
      expect(await seenWith(proxy, server)).toBe(count)
    })
})
