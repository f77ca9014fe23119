import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { freePort, freePorts } from './support/free-port.ts'
import { phpRoot, startPhpFpm, startUwsgi } from './support/gateways.ts'
import { type CookieJar, get } from './support/http.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { findServer, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

type Sent = Readonly<Record<string, unknown>>

const post = (port: number, from: string): Promise<Sent> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `http://127.0.0.1:${port}/shop/a%20b.php?x=1%202&y=%2F`,
      {
        method: 'POST',
        agent: false,
        localAddress: from,
        headers: {
          'Content-Type': 'text/plain',
          'X-Forwarded-For': '203.0.113.9',
          'X-Forwarded-Proto': 'https',
          Proxy: 'http://evil.example.com',
          'X-Own': 'own',
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(JSON.parse(text) as Sent)
            : reject(new Error(`${response.statusCode} ${text}`)),
        )
      },
    )
    sent.on('error', reject)
    sent.end('the body')
  })

const specOf = (port: number, protocol: string, servers: readonly number[]): string => `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    clientAddress: { trust: [127.0.0.1] }
    timeouts: { read: 20s }
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    protocol: ${protocol}
    check: { interval: 100ms, timeout: 5s, uri: /health }
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { a: "127.0.0.1:${servers[0]}", b: "127.0.0.1:${servers[1]}" }
`

const common = {
  REQUEST_METHOD: 'POST',
  REQUEST_URI: '/shop/a%20b.php?x=1%202&y=%2F',
  QUERY_STRING: 'x=1%202&y=%2F',
  CONTENT_TYPE: 'text/plain',
  CONTENT_LENGTH: '8',
  HTTP_X_OWN: 'own',
  body: 'the body',
}

/** A request of a trusted proxy, one of another client, and sessions. */
const drive = async (proxy: RealProxy, protocol: string, servers: readonly number[], own: Sent) => {
  if ('missing' in proxy.server) return
  const port = await freePort()
  const artifacts = artifactsFor(proxy, proxy.server, specOf(port, protocol, servers))
  await proxy.start(proxy.server, artifacts, [port])
  const trusted = await post(port, '127.0.0.1')
  expect(trusted).toMatchObject({ ...common, ...own, REMOTE_ADDR: '203.0.113.9', HTTPS: 'on' })
  const client = await post(port, '127.0.0.2')
  expect(client).toMatchObject({ ...common, ...own, REMOTE_ADDR: '127.0.0.2' })
  expect(client).toMatchObject({
    HTTP_X_FORWARDED_FOR: '127.0.0.2',
    HTTP_X_FORWARDED_PROTO: 'http',
  })
  expect(['', 'off', undefined]).toContain(client['HTTPS'])
  expect(['', undefined]).toContain(client['HTTP_PROXY'])
  // Servers that do not pass their checks would be down by now.
  await sleep(700)
  const names = new Set<unknown>()
  // A server that is chosen by the hash of a random cookie may be the same for several users.
  for (let user = 0; user < 4 || (names.size < 2 && user < 30); user += 1) {
    const cookies: CookieJar = new Map()
    const own = new Set<unknown>()
    for (let count = 0; count < 3; count += 1) {
      const { body, status } = await get(`http://127.0.0.1:${port}/`, { cookies })
      expect([proxy.title, status]).toEqual([proxy.title, 200])
      own.add((JSON.parse(body) as Sent)['name'])
    }
    expect([proxy.title, own.size]).toEqual([proxy.title, 1])
    for (const name of own) names.add(name)
  }
  expect(names).toEqual(new Set(['a', 'b']))
}

withServers(
  { fpm: findServer('php-fpm', '8.2') },
  'PHP-FPM gets the whole request by FastCGI, and a session stays on its server',
  async ({ fpm }) => {
    const ports = await freePorts(2)
    await Promise.all(['a', 'b'].map((name, at) => startPhpFpm(fpm, name, ports[at] ?? 0)))
    const root = phpRoot()
    const own = { SCRIPT_FILENAME: `${root}/shop/a b.php`, SCRIPT_NAME: '/shop/a b.php' }
    for (const proxy of [
      nginxOf('1.18'),
      nginxOf('1.30'),
      haproxyOf('2.2'),
      haproxyOf('3.0'),
      httpd,
    ])
      await drive(proxy, `fastcgi\n    documentRoot: ${root}`, ports, own)
  },
)

withServers(
  { uwsgi: findServer('uwsgi', '2.0') },
  'uWSGI gets the whole request, and a session stays on its server',
  async ({ uwsgi }) => {
    const ports = await freePorts(2)
    await Promise.all(['a', 'b'].map((name, at) => startUwsgi(uwsgi, name, ports[at] ?? 0)))
    for (const proxy of [nginxOf('1.18'), nginxOf('1.30'), httpd])
      await drive(proxy, 'uwsgi', ports, { PATH_INFO: '/shop/a b.php' })
  },
)
