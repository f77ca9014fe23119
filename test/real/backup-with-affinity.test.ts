import { describe, expect } from 'vitest'
import { type Seen, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { jsonOf, rawRequest } from './support/raw-http.ts'
import { withServers } from './support/servers.ts'

describe.each(allProxies.map((proxy) => [proxy.title, proxy] as const))(
  'a client pinned to the backup at %s',
  (title, proxy) => {
    withServers(
      { server: proxy.server },
      'when the primary servers are up again',
      async ({ server }) => {
        const [one, two] = await Promise.all([startBackend('one'), startBackend('spare')])
        const port = await freePort()
        const servers = `one: "127.0.0.1:${one.port}", spare: { address: "127.0.0.1:${two.port}", state: backup }`
        const rest = `frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] } }
upstreams: { app: { affinity: { method: jvm_route }, servers: { ${servers} } } }\n`
        await proxy.start(server, artifactsFor(proxy, server, rest), [port])
        const names = new Set<string>()
        for (let count = 0; count < 4; count++) {
          const lines = ['GET / HTTP/1.1', 'Host: a.example', 'Connection: close']
          const answer = await rawRequest(port, [...lines, 'Cookie: JSESSIONID=X.spare'])
          names.add((jsonOf(answer) as Seen).name)
        }
        // nginx takes it back; HAProxy and httpd leave it there.
        expect([...names]).toEqual([title.startsWith('nginx') ? 'one' : 'spare'])
      },
    )
  },
)
