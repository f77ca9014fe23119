import { describe, expect } from 'vitest'
import { requestVariables } from '../../src/core/model/request-text.ts'
import { type Backend, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { type GetOptions, get } from './support/http.ts'
import { allProxies, artifactsFor } from './support/proxies.ts'
import { withServers } from './support/servers.ts'

/** httpd has no fingerprints, and without TLS all of these are empty. */
const names = requestVariables.filter((name) => name !== 'tls.client.fingerprint')

const headerOf = (name: string): string => `X-${name.replaceAll('.', '-')}`

const headers = [
  ...names.map((name) => `${headerOf(name)}: "{${name}}"`),
  `X-All: 'a{request.method}b $5 100% {{client.address}} {"n": 1} "q" \\{request.path}'`,
].join(', ')

const specOf = (app: Backend, ports: readonly number[], behind: number): string => `
frontends:
  alone:
    listen: [${ports.map((port) => `"127.0.0.1:${port}"`).join(', ')}]
    headers: { ${headers} }
    locations:
      - { match: /, upstream: app }
      - match: /own/
        upstream: app
        headers: { X-Own: "{request.scheme} {request.path}", X-All: of the location, X-Query: "{request.query}" }
      - { match: /own/not/, upstream: app }
  behind:
    listen: ["127.0.0.1:${behind}"]
    clientAddress: { trust: [127.0.0.2] }
    headers: { ${headers} }
    locations: [{ match: /, upstream: app }]
upstreams: { app: { servers: { app: "127.0.0.1:${app.port}" } } }
`

const ask = async (port: number, path: string, options: GetOptions = {}) =>
  seenBy(await get(`http://127.0.0.1:${port}${path}`, options)).headers

const valuesIn = (seen: Awaited<ReturnType<typeof ask>>) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = seen[headerOf(name).toLowerCase()]
      return value === undefined ? [] : [[name, value]]
    }),
  )

const isId = expect.stringMatching(/^[0-9a-f]{32}$/)
const isPort = expect.stringMatching(/^[1-9]\d+$/)

describe('the application receives the same values of a request', () => {
  for (const proxy of allProxies) {
    withServers({ server: proxy.server }, `from ${proxy.title}`, async ({ server }) => {
      const app = await startBackend('app')
      const [one, two, behind] = [await freePort(), await freePort(), await freePort()]
      const spec = specOf(app, [one, two], behind)
      await proxy.start(server, artifactsFor(proxy, server, spec), [one, two, behind])

      const path = '/a%20b//c;x=1/%C3%BC'
      const seen = await ask(two, `${path}?q=%41&r`, {
        from: '127.0.0.5',
        headers: { Host: 'Shop.Example.COM:8099', 'X-Tls-Version': 'forged', 'X-Request-Id': 'me' },
      })
      expect(valuesIn(seen)).toEqual({
        'client.address': '127.0.0.5',
        'client.port': isPort,
        'request.scheme': 'http',
        'request.host': 'shop.example.com',
        'request.method': 'GET',
        'request.uri': `${path}?q=%41&r`,
        'request.path': path,
        'request.query': 'q=%41&r',
        'request.id': isId,
        'server.port': String(two),
        'tls.client.verify': 'NONE',
      })
      expect(seen['x-all']).toBe(`aGETb $5 100% {client.address} {"n": 1} "q" \\${path}`)

      const again = await ask(one, '/', { headers: { Host: '[::1]' } })
      expect(valuesIn(again)).toMatchObject({
        'request.host': '[::1]',
        'request.uri': '/',
        'request.path': '/',
        'server.port': String(one),
      })
      expect(again['x-request-query']).toBeUndefined()
      expect(again['x-request-id']).not.toBe(seen['x-request-id'])

      const own = { headers: { 'X-Own': 'forged', 'X-Query': 'forged' } }
      const ofLocation = await ask(one, '/own/a', own)
      expect(ofLocation).toMatchObject({
        'x-own': 'http /own/a',
        'x-all': 'of the location',
        'x-request-method': 'GET',
        'x-forwarded-for': '127.0.0.1',
      })
      expect(ofLocation['x-query']).toBeUndefined()
      const elsewhere = await ask(one, '/own/not/a')
      expect(elsewhere['x-all']).toBe(seen['x-all']?.toString().replace(path, '/own/not/a'))
      expect(elsewhere['x-own']).toBeUndefined()

      const forwarded = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' }
      const trusted = await ask(behind, '/', { from: '127.0.0.2', headers: forwarded })
      expect(valuesIn(trusted)).toMatchObject({
        'client.address': '203.0.113.7',
        'client.port': isPort,
        'request.scheme': 'https',
      })
      const untrusted = await ask(behind, '/', { from: '127.0.0.5', headers: forwarded })
      expect(valuesIn(untrusted)).toMatchObject({
        'client.address': '127.0.0.5',
        'request.scheme': 'http',
      })
    })
  }
})
