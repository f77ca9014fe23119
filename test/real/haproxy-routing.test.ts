import { Agent, request } from 'node:http'
import { describe, expect } from 'vitest'
import { type Backend, type Seen, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get, type Response } from './support/http.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

const versions = ['2.2', '2.6', '3.0', '3.2']

/** Starts HAProxy on these ports of a spec without its first lines. */
const start = (haproxy: Server, rest: string, ports: readonly number[]) => {
  const spec = `version: 1\nname: test\ntargets: { haproxy: { version: "${haproxy.version}" } }\n${rest}`
  return startHaproxy(haproxy, artifactOf(spec, 'haproxy/haproxy.cfg'), ports)
}

/** An upstream of one server. */
const upstream = ({ name, port }: Backend): string =>
  `  ${name}: { servers: { ${name}: "127.0.0.1:${port}" } }\n`

const backends = (...names: string[]): Promise<Backend[]> =>
  Promise.all(names.map((name) => startBackend(name)))

/** The name of the backend that answered, or the status. */
const answerOf = (response: Response): string =>
  response.status === 200 && response.headers['content-type'] === 'application/json'
    ? seenBy(response).name
    : String(response.status)

interface Asked {
  readonly port: number
  /** Verbatim: a URL object would resolve its dots. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent | false
}

const ask = ({ port, path = '/', headers = {}, agent = false }: Asked): Promise<Response> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          setCookies: [],
        }),
      )
    })
    sent.once('error', reject)
    sent.end()
  })

/** Several requests on one connection, as a proxy in front sends them. */
const onOneConnection = async (
  port: number,
  headers: readonly Readonly<Record<string, string>>[],
): Promise<Seen[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const seen: Seen[] = []
  for (const each of headers) seen.push(seenBy(await ask({ port, headers: each, agent })))
  agent.destroy()
  return seen
}

describe.each(versions)('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'chooses locations as nginx does', async ({ haproxy }) => {
    const all = await backends('exact', 'caret', 'deep', 'jsp', 'picture', 'shop', 'intern', 'root')
    const port = await freePort()
    const web = `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
      - { match: /, upstream: root }
      - { match: /shop/, upstream: shop }
      - { match: /intern, upstream: intern, allow: [127.0.0.2] }
      - { match: '~ \\.jsp$', upstream: jsp }
      - { match: '~* ^/(?:a|"b c")/.*\\.(gif|png)$', upstream: picture }
      - { match: /static/deep/, upstream: deep }
      - { match: "^~ /static", upstream: caret }
      - { match: "= /static", upstream: exact }
      - { match: /état, upstream: exact }
      - { match: "= /status", status: shop, allow: [127.0.0.0/8] }
upstreams:
${all.map(upstream).join('')}`
    await start(haproxy, web, [port])
    const expected = {
      '/': 'root',
      '/x?y=/shop/': 'root',
      '/static': 'exact',
      '/static/': 'caret',
      '/staticks.jsp': 'caret',
      '/static/deep/x': 'deep',
      '/static/deep/x.jsp': 'jsp',
      '/x.jsp': 'jsp',
      '/x.JSP': 'root',
      '/x.jsp/y': 'root',
      '/shop/x.jsp?a': 'jsp',
      '/shop/x': 'shop',
      '//shop///x': 'shop',
      '/%73hop/x': 'shop',
      '/A/x.PNG': 'picture',
      '/%22b%20c%22/x.gif': 'picture',
      '/%C3%A9tat': 'exact',
      '/intern/x': '403',
      '//%69ntern': '403',
      '/intern/x.jsp': 'jsp',
      '/shop': '301',
      '/static/deep': '301',
      '/a/../intern': '400',
      '/a/%2e%2E/intern': '400',
      '/a/..;x/intern': '400',
      '/a/./b': '400',
      '/a..b/..c': 'root',
      '/status': '200',
      '/status/x': 'root',
    }
    const url = `http://127.0.0.1:${port}`
    const found = Object.keys(expected).map(async (path) => [
      path,
      answerOf(await ask({ port, path })),
    ])
    expect(Object.fromEntries(await Promise.all(found))).toEqual(expected)
    expect(answerOf(await get(`${url}/intern/x`, { from: '127.0.0.2' }))).toBe('intern')
    expect((await get(`${url}/shop?a=%25&b`)).headers.location).toBe('/shop/?a=%25&b')
    expect((await get(`${url}/shop`)).headers.location).toBe('/shop/')
    expect((await get(`${url}/status;csv`)).body).toMatch(
      /^# pxname,.*\nshop,shop,.*\nshop,BACKEND,.*\n$/,
    )
  })

  withServers(needs, 'answers requests outside of every location', async ({ haproxy }) => {
    const [app] = await backends('app')
    const port = await freePort()
    const web = `frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /app, upstream: app }, { match: "~ ^/state", status: app }] } }
upstreams:\n${app ? upstream(app) : ''}`
    await start(haproxy, web, [port])
    const url = `http://127.0.0.1:${port}`
    expect(answerOf(await get(`${url}/apple`))).toBe('app')
    expect((await get(`${url}/other`)).status).toBe(404)
    expect((await get(`${url}/state/7`)).body.includes('Statistics Report')).toBe(true)
  })

  withServers(needs, 'chooses host names as nginx does', async ({ haproxy }) => {
    const all = await backends('admin', 'other', 'shop')
    const [port, alone] = [await freePort(), await freePort()]
    const web = `frontends:
  admin:
    listen: ["127.0.0.1:${port}", "127.0.0.1:${alone}"]
    serverNames: [admin.example.com, "*.admin.example.com", '~^admin\\d+\\.example\\.']
    locations: [{ match: /, upstream: admin }]
  other:
    listen: ["127.0.0.1:${port}"]
    locations: [{ match: /, upstream: other }]
  shop:
    listen: ["127.0.0.1:${port}"]
    serverNames: [.example.com, "shop.*"]
    locations: [{ match: /s, upstream: shop }]
upstreams:
${all.map(upstream).join('')}`
    await start(haproxy, web, [port, alone])
    const expected = {
      'admin.example.com': 'admin',
      'ADMIN.Example.Com:8080': 'admin',
      'x.admin.example.com': 'admin',
      'example.com': 'shop',
      'www.example.com': 'shop',
      'shop.example.org:80': 'shop',
      'admin7.example.org': 'admin',
      'admin7.example.com': 'shop',
      'nexample.com': 'other',
      'shopping.example.org': 'other',
      '[::1]:80': 'other',
    }
    const hosts = Object.keys(expected)
    const nameOf = async (to: number, path: string, Host: string) =>
      answerOf(await ask({ port: to, path, headers: { Host } }))
    const found = await Promise.all(
      hosts.map(async (host) => [host, await nameOf(port, '/s', host)]),
    )
    expect(Object.fromEntries(found)).toEqual(expected)
    expect(await nameOf(port, '/', 'example.com')).toBe('404')
    expect(await nameOf(alone, '/', 'admin.example.com')).toBe('admin')
    expect(await nameOf(alone, '/', 'example.com')).toBe('421')
  })

  withServers(needs, 'restricts by headers and client addresses', async ({ haproxy }) => {
    const [app] = await backends('app')
    const [port, trusting] = [await freePort(), await freePort()]
    const value = `100% 'sure' "ok" \\ $5 %ci %[]  #1; é😀 {`
    const web = `frontends:
  plain:
    listen: ["127.0.0.1:${port}"]
    headers: { X-Env: ${JSON.stringify(value)}, x-real-ip: none, X-It's!: "1" }
    locations: [{ match: /, upstream: app }]
  trusting:
    listen: ["127.0.0.1:${trusting}"]
    clientAddress: { trust: [127.0.0.0/8, 10.0.0.0/8, "fd00::/8"], header: "X-It's~For" }
    locations: [{ match: /, upstream: app }]
upstreams:\n${app ? upstream(app) : ''}`
    await start(haproxy, web, [port, trusting])
    const headers = { Host: 'shop.example.com:81', 'X-Forwarded-For': '192.0.2.1' }
    const seen = seenBy(await get(`http://127.0.0.1:${port}/`, { headers })).headers
    expect(seen).toMatchObject({
      host: 'shop.example.com:81',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '81',
      'x-forwarded-proto': 'http',
      'x-real-ip': 'none',
      "x-it's!": '1',
    })
    expect(Buffer.from(String(seen['x-env']), 'latin1').toString()).toBe(value)

    const forwarded = {
      '192.0.2.1': '192.0.2.1',
      '192.0.2.2': '192.0.2.2',
      '': '127.0.0.1',
      '192.0.2.1, 192.0.2.3': '192.0.2.3',
      '192.0.2.4, 10.1.1.1, 127.0.0.9': '192.0.2.4',
      '192.0.2.5, 192.0.2.6, 10.1.1.1': '192.0.2.6',
      '2001:db8::7, fd00::1': '2001:db8::7',
      // What the nearest proxy does not tell is not taken from what its client wrote.
      '192.0.2.7, unknown': '127.0.0.1',
      '192.0.2.8, unknown, 10.1.1.1': '10.1.1.1',
    }
    const requests = Object.keys(forwarded).map(
      (each): Record<string, string> => (each === '' ? {} : { "X-It's~For": each }),
    )
    const real = (await onOneConnection(trusting, requests)).map(
      (each) => each.headers['x-real-ip'],
    )
    expect(real).toEqual(Object.values(forwarded))
  })
})
