import { describe, expect } from 'vitest'
import { type Backend, type Seen, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { jsonOf, rawRequest } from './support/raw-http.ts'
import { type Server, withServers } from './support/servers.ts'

const at = ({ port }: Backend): string => `127.0.0.1:${port}`

/** A proxy in front of tc1 and tc2, and who answers four requests with these headers. */
const start = async (proxy: RealProxy, server: Server, affinity: string) => {
  const [one, two] = await Promise.all([startBackend('tc1'), startBackend('tc2')])
  const port = await freePort()
  const rest = `frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] } }
upstreams: { app: { affinity: ${affinity}, servers: { tc1: "${at(one)}", tc2: "${at(two)}" } } }\n`
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  return async (path: string, ...headers: readonly string[]): Promise<string> => {
    const names = new Set<string>()
    for (let count = 0; count < 4; count++) {
      const lines = [
        `GET ${path} HTTP/1.1`,
        'Host: shop.example.com',
        'Connection: close',
        ...headers,
      ]
      names.add((jsonOf(await rawRequest(port, lines)) as Seen).name)
    }
    return [...names].sort().join('+')
  }
}

const reverse = '{ method: jvm_route }'
const begins = '{ method: jvm_route, reverse: false }'
const all = 'tc1+tc2'

/** Cookie headers, and whose session Tomcat keeps. */
const rows: readonly (readonly [headers: readonly string[], expected: string])[] = [
  [['Cookie: JSESSIONID=X.other; JSESSIONID=Y.tc2'], 'tc2'],
  [['Cookie: JSESSIONID=X; JSESSIONID=Y.tc2'], 'tc2'],
  [['Cookie: JSESSIONID=; JSESSIONID=Y.tc2'], 'tc2'],
  [['Cookie: JSESSIONID=Y.tc2; JSESSIONID=X.other'], 'tc2'],
  [['Cookie: JSESSIONID=Y.tc2; JSESSIONID=Z.tc1'], 'tc2'],
  [['Cookie: JSESSIONID=Y.tc1; JSESSIONID=Z.tc2'], 'tc1'],
  [['Cookie: a=b.tc1; JSESSIONID=X.other;  JSESSIONID=X.more; JSESSIONID=Y.tc2 ; c=d.tc1'], 'tc2'],
  [['Cookie: JSESSIONID=X.tc2x; JSESSIONID=Y.tc1'], 'tc1'],
  [['Cookie: JSESSIONID=X.TC2; JSESSIONID=Y.tc1'], 'tc1'],
  [['Cookie: XJSESSIONID=X.tc2; JSESSIONID=Y.tc1'], 'tc1'],
  [['Cookie: JSESSIONID=X.other; JSESSIONID=Y.more'], all],
  [['Cookie: JSESSIONID=X.other', 'Cookie: JSESSIONID=Y.tc2'], 'tc2'],
  [['Cookie: a=b', 'Cookie: JSESSIONID=Y.tc2'], 'tc2'],
  [['Cookie: JSESSIONID=Y.tc2', 'Cookie: a=b'], 'tc2'],
  [['Cookie: JSESSIONID=Y.tc1', 'Cookie: JSESSIONID=X.tc2', 'cookie: a=b.tc2'], 'tc1'],
]

const readers = allProxies.filter(({ title }) => !title.startsWith('httpd'))

describe.each(readers.map((proxy) => [proxy.title, proxy] as const))(
  'two session cookies at %s',
  (_title, proxy) => {
    const needs = { server: proxy.server }

    withServers(needs, 'uses the first cookie with the route of a server', async ({ server }) => {
      const ask = await start(proxy, server, reverse)
      const seen: [readonly string[], string][] = []
      for (const [headers] of rows) seen.push([headers, await ask('/', ...headers)])
      expect(seen).toEqual(rows)
      // A session in the URL counts where there is no cookie.
      expect(await ask('/x;jsessionid=U.tc1', 'Cookie: JSESSIONID=X.a; JSESSIONID=Y.tc2')).toBe(
        'tc2',
      )
      expect(await ask('/x;jsessionid=U.tc1', 'Cookie: a=b')).toBe('tc1')
    })

    withServers(
      needs,
      'uses it also if the route is at the beginning of the session id',
      async ({ server }) => {
        const ask = await start(proxy, server, begins)
        expect(await ask('/', 'Cookie: JSESSIONID=otherX; JSESSIONID=tc2Y')).toBe('tc2')
        expect(await ask('/', 'Cookie: JSESSIONID=tc1X; JSESSIONID=tc2Y')).toBe('tc1')
      },
    )
  },
)

const prefixers = allProxies.filter(({ title }) => title.startsWith('HAProxy'))

describe.each(prefixers.map((proxy) => [proxy.title, proxy] as const))(
  'two session cookies with a prefix at %s',
  (_title, proxy) => {
    withServers(
      { server: proxy.server },
      'uses the first cookie with the prefix of a server',
      async ({ server }) => {
        const ask = await start(proxy, server, '{ method: jvm_route, mode: prefix }')
        expect(await ask('/', 'Cookie: JSESSIONID=X.other; JSESSIONID=tc2~Y')).toBe('tc2')
        expect(await ask('/', 'Cookie: JSESSIONID=gone~X; JSESSIONID=tc2~Y')).toBe('tc2')
        expect(await ask('/', 'Cookie: JSESSIONID=tc2~X; JSESSIONID=tc1~Y')).toBe('tc2')
        expect(await ask('/', 'Cookie: JSESSIONID=gone~X', 'Cookie: JSESSIONID=tc2~Y')).toBe('tc2')
      },
    )
  },
)

const httpd = allProxies.find(({ title }) => title.startsWith('httpd'))

if (httpd)
  withServers({ server: httpd.server }, 'httpd reads the first cookie only', async ({ server }) => {
    const ask = await start(httpd, server, reverse)
    expect(await ask('/', 'Cookie: JSESSIONID=Y.tc2; JSESSIONID=X.other')).toBe('tc2')
    // Requests pinned to tc2 count for the balance: those without a route go to the other.
    expect(await ask('/', 'Cookie: JSESSIONID=X.other; JSESSIONID=Y.tc2')).toBe('tc1')
  })
