import { describe, expect } from 'vitest'
import { cookiesFor, type Jar, keepCookies } from '../../src/core/traffic/cookies.ts'
import { compileText } from '../support/compile.ts'
import { seenBy, startBackend } from './support/backend.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'

type Browser = (port: number, path: string) => Promise<string>

/** A browser that knows all ports under one host name; who answers. */
const browserAt = (host: string): Browser => {
  let jar: Jar = []
  return async (port, path) => {
    const sent = cookiesFor(jar, { host, path, isTls: false })
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { Host: host, ...(cookie === '' ? {} : { Cookie: cookie }) }
    const response = await get(`http://127.0.0.1:${port}${path}`, { headers })
    jar = keepCookies(jar, response.headers['set-cookie'] ?? [], { host, path }, Date.now())
    return seenBy(response).name
  }
}

const changes = (names: readonly string[]): number =>
  names.filter((name, index) => index > 0 && name !== names[index - 1]).length

/** Servers a and b behind the port `shop`, c and d behind `store`, both on every host except the named ones. */
const start = async (
  proxy: RealProxy,
  server: Server,
  shop: string,
  store: string,
  serverNames = '',
) => {
  const backends = await Promise.all(['a', 'b', 'c', 'd'].map((name) => startBackend(name)))
  const [a = 0, b = 0, c = 0, d = 0] = backends.map(({ port }) => port)
  const [shopPort = 0, storePort = 0] = await freePorts(2)
  const frontend = (port: number, upstream: string) =>
    `{ listen: ["127.0.0.1:${port}"], ${serverNames}locations: [{ match: /, upstream: ${upstream} }] }`
  const affinity = (attributes: string) => `{ method: sticky, by: cookie, ${attributes} }`
  const { artifacts, diagnostics } = compileText(`version: 1
name: test
targets: { ${proxy.target(server)} }
frontends: { shop: ${frontend(shopPort, 'shop')}, store: ${frontend(storePort, 'store')} }
upstreams:
  shop: { affinity: ${affinity(shop)}, servers: { a: "127.0.0.1:${a}", b: "127.0.0.1:${b}" } }
  store: { affinity: ${affinity(store)}, servers: { c: "127.0.0.1:${c}", d: "127.0.0.1:${d}" } }
`)
  await proxy.start(server, artifacts, [shopPort, storePort])
  return { shop: shopPort, store: storePort, codes: new Set(diagnostics.map(({ code }) => code)) }
}

/** How often a browser moves between the servers of `shop` in 16 requests. */
const movesAt = async (host: string, port: number, path: string): Promise<number> => {
  const browse = browserAt(host)
  const names: string[] = []
  for (let count = 0; count < 16; count++) names.push(await browse(port, path))
  return changes(names)
}

/** It counts its clients instead of naming servers: one number does for all upstreams. */
const countsClients = (title: string): boolean => /nginx 1\.(?:18|22|26)/.test(title)

describe.each(allProxies.map((proxy) => [proxy.title, proxy] as const))(
  'affinity cookies at %s',
  (title, proxy) => {
    const needs = { server: proxy.server }

    withServers(
      needs,
      'with one name on two ports of a host overwrite each other',
      async ({ server }) => {
        const alternating = async (shop: string, store: string) => {
          const running = await start(proxy, server, shop, store)
          const browse = browserAt('shop.example.com')
          const [inShop, inStore]: [string[], string[]] = [[], []]
          for (let count = 0; count < 8; count++) {
            inShop.push(await browse(running.shop, '/'))
            inStore.push(await browse(running.store, '/'))
          }
          const isTold = running.codes.has('affinity-cookie-shared-host')
          return { isTold, moves: changes(inShop) + changes(inStore) }
        }
        const one = await alternating('cookie: srv_id', 'cookie: srv_id')
        if (countsClients(title)) expect(one).toEqual({ isTold: false, moves: 0 })
        else {
          expect(one.isTold).toBe(true)
          expect(one.moves).toBeGreaterThan(7)
        }
        const own = await alternating('cookie: srv_shop', 'cookie: srv_store')
        expect(own).toEqual({ isTold: false, moves: 0 })
      },
    )

    withServers(
      needs,
      'with a path outside of the requests are not sent back',
      async ({ server }) => {
        const { shop, codes } = await start(proxy, server, 'path: /shop', 'cookie: other')
        expect(codes).toContain('cookie-partly-lost')
        expect(await movesAt('shop.example.com', shop, '/shopping')).toBeGreaterThan(0)
        expect(await movesAt('shop.example.com', shop, '/shop/cart')).toBe(0)
      },
    )

    withServers(needs, 'with a domain of another host are not sent back', async ({ server }) => {
      const names = 'serverNames: [shop.example.com, shop.example.org], '
      const domain = 'domain: example.com'
      const { shop, codes } = await start(proxy, server, domain, 'cookie: other', names)
      expect(codes).toContain('cookie-partly-lost')
      expect(await movesAt('shop.example.org', shop, '/')).toBeGreaterThan(0)
      expect(await movesAt('shop.example.com', shop, '/')).toBe(0)
    })
  },
)
