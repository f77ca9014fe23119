import { describe, expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { jsonOf, rawRequest, statusOf } from './support/raw-http.ts'
import { withServers } from './support/servers.ts'

const frontends = (port: number, secure: number, backend: number): string => `frontends:
  secure:
    listen: ["127.0.0.1:${secure}"]
    clientAddress: { trust: [127.0.0.2] }
    redirectToHttps: { code: 308, except: [/.well-known/acme-challenge/] }
    locations: [{ match: /, upstream: app }]
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
      - { match: /, upstream: app }
      - { match: /old/, redirect: { to: /new/%7Eshop?from=old, code: 301 } }
      - { match: /moved/, redirect: { to: 'https://www.example.com{request.uri}', code: 308 } }
      - { match: /named/, redirect: { to: 'https://{request.host}:8443/a%20b' } }
      - { match: = /health, respond: { body: 'ready: 100% "\\ #1; {x}' } }
      - { match: = /path, respond: { body: /etc/passwd } }
      - { match: = /page, respond: { status: 503, body: <p>down</p>, type: text/html } }
      - { match: = /empty, respond: { status: 204 } }
      - { match: '~ \\.php$', respond: { status: 404 } }
upstreams:
  app: { servers: { app: "127.0.0.1:${backend}" } }
`

describe.each(allProxies)('$title', (proxy) => {
  withServers(
    { server: proxy.server },
    'redirects and answers as the spec says',
    async ({ server }) => {
      const { port: backend } = await startBackend('app')
      const port = await freePort()
      const secure = await freePort()
      await proxy.start(server, artifactsFor(proxy, server, frontends(port, secure, backend)), [
        port,
        secure,
      ])
      const url = `http://127.0.0.1:${port}`
      const host = { headers: { Host: 'Shop.example.com:8080' } }

      const locationOf = async (path: string) => {
        const { status, headers } = await get(`${url}${path}`, host)
        // A path may be completed with the scheme and host of the request.
        return [status, headers.location?.replace(/^http:\/\/shop\.example\.com:8080\//i, '/')]
      }
      expect(await locationOf('/old/x?y=1')).toEqual([301, '/new/%7Eshop?from=old'])
      expect(await locationOf('/moved/a%20b?c=%26d')).toEqual([
        308,
        'https://www.example.com/moved/a%20b?c=%26d',
      ])
      expect(await locationOf('/moved/')).toEqual([308, 'https://www.example.com/moved/'])
      const [status, place] = await locationOf('/named/x?y')
      expect([status, String(place).toLowerCase()]).toEqual([
        302,
        'https://shop.example.com:8443/a%20b',
      ])

      const absolute = await rawRequest(port, [
        'GET http://shop.example.com/moved/x HTTP/1.1',
        'Host: shop.example.com',
        'Connection: close',
      ])
      expect(/^location: (.*)$/im.exec(absolute)?.[1]).toBe('https://www.example.com/moved/x')

      const securely = async (path: string, proto: string, from: string) => {
        const headers = { Host: 'shop.example.com', 'X-Forwarded-Proto': proto }
        const answer = await get(`http://127.0.0.1:${secure}${path}`, { headers, from })
        return [answer.status, answer.headers.location]
      }
      const moved = [308, 'https://shop.example.com/a%20b?c=%26d']
      expect(await securely('/a%20b?c=%26d', 'http', '127.0.0.2')).toEqual(moved)
      // A client that is no trusted proxy cannot say that it uses HTTPS.
      expect(await securely('/a%20b?c=%26d', 'https', '127.0.0.3')).toEqual(moved)
      expect(await securely('/a%20b?c=%26d', 'https', '127.0.0.2')).toEqual([200, undefined])
      const challenge = '/.well-known/acme-challenge/x'
      expect(await securely(challenge, 'http', '127.0.0.2')).toEqual([200, undefined])
      expect((await securely(`/x${challenge}`, 'http', '127.0.0.2')).at(0)).toBe(308)

      const answerOf = async (path: string) => {
        const { status, headers, body } = await get(`${url}${path}`)
        return [status, headers['content-type'], body]
      }
      const text = 'text/plain; charset=utf-8'
      expect(await answerOf('/health')).toEqual([200, text, 'ready: 100% "\\ #1; {x}'])
      expect(await answerOf('/path')).toEqual([200, text, '/etc/passwd'])
      expect(await answerOf('/page')).toEqual([503, 'text/html', '<p>down</p>'])
      expect((await answerOf('/empty')).toSpliced(1, 1)).toEqual([204, ''])
      expect((await answerOf('/x.php?y')).at(0)).toBe(404)

      const proxied = await rawRequest(port, [
        'GET /other HTTP/1.1',
        'Host: shop.example.com',
        'Connection: close',
      ])
      expect(statusOf(proxied)).toBe(200)
      expect(jsonOf(proxied)).toMatchObject({ name: 'app', url: '/other' })
    },
  )
})
