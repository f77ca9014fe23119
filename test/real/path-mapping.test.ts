import { beforeAll, describe, expect } from 'vitest'
import { type Backend, type Seen, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { withServers } from './support/servers.ts'

let a: Backend
let b: Backend

/** Answers with the redirect and the path of the cookie that the query asks for. */
const headersFor = ({ url, headers }: Seen): Readonly<Record<string, string>> => {
  const query = new URL(url, 'http://app').searchParams
  const to = query.get('to')?.replace('HOST', headers.host ?? '')
  const path = query.get('path')
  return {
    ...(to === undefined ? {} : { Location: to }),
    ...(path === null ? {} : { 'Set-Cookie': `SID=1; HttpOnly; Path=${path}; SameSite=Lax` }),
  }
}

beforeAll(async () => {
  a = await startBackend('a', { headersFor })
  b = await startBackend('b', { headersFor })
})

const specOf = (web: number): string => `frontends:
  mapped:
    listen: ["127.0.0.1:${web}"]
    serverNames: [mapped.example]
    locations:
      - { match: /, upstream: other }
      - { match: /shop/, upstream: shop, upstreamPath: /internal/ }
      - { match: ^~ /docs/v1.0/, upstream: other, upstreamPath: / }
      - { match: '~ [.]none$', upstream: other }
      - { match: /admin/, upstream: shop, upstreamPath: /internal/admin/, allow: [127.0.0.2] }
  whole:
    listen: ["127.0.0.1:${web}"]
    serverNames: [whole.example]
    locations: [{ match: /, upstream: shop, upstreamPath: /internal/ }]
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { a: "127.0.0.1:${a.port}", b: "127.0.0.1:${b.port}" }
  other:
    affinity: { method: sticky, by: cookie, cookie: SRV }
    servers: { a: "127.0.0.1:${a.port}" }
`

describe.each(allProxies)('$title', (proxy: RealProxy) => {
  withServers(
    { server: proxy.server },
    'maps paths to those of the servers, and redirects and cookies back',
    async ({ server }) => {
      const web = await freePort()
      await proxy.start(server, artifactsFor(proxy, server, specOf(web)), [web])
      const request = (path: string, host = 'mapped.example', from = '127.0.0.1') =>
        get(`http://127.0.0.1:${web}${path}`, { headers: { Host: host }, from })
      const seen = async (path: string, host?: string, from?: string): Promise<string> => {
        const answer = await request(path, host, from)
        return answer.status === 200 ? seenBy(answer).url : String(answer.status)
      }
      const redirect = async (path: string, to: string, host?: string) =>
        (await request(`${path}?to=${encodeURIComponent(to)}`, host)).headers.location
      const cookies = async (path: string, to: string, host?: string) => {
        const { setCookies } = await request(`${path}?path=${encodeURIComponent(to)}`, host)
        return Object.fromEntries(
          setCookies.map(({ name, attributes }) => [name, attributes.get('path')]),
        )
      }
      const isHttpd = proxy.title.startsWith('httpd')

      expect({
        plain: await seen('/shop/a/b?x=1&y=/shop/'),
        itself: await seen('/shop/'),
        encoded: await seen('/shop/caf%C3%A9%20%25?q=%2F'),
        'encoded prefix': await seen('/%73hop/a'),
        'slashes in the prefix': await seen('//shop//a'),
        'encoded slash': await seen('/shop/a%2Fb'),
        'to the root': await seen('/docs/v1.0/x?y'),
        'not the prefix': await seen('/docs/v1x0/x'),
        unmapped: await seen('/shopping'),
        restricted: await seen('/admin/x'),
        permitted: await seen('/admin/x', undefined, '127.0.0.2'),
        'permitted, with parameters': await seen('/admin/x;a=1', undefined, '127.0.0.2'),
        'dots in parameters': await seen('/shop/..;/manager'),
        'the whole host': await seen('/x?y', 'whole.example'),
        'the whole host, dots in parameters': await seen('/..;/manager', 'whole.example'),
      }).toEqual({
        plain: '/internal/a/b?x=1&y=/shop/',
        itself: '/internal/',
        encoded: '/internal/caf%C3%A9%20%25?q=%2F',
        'encoded prefix': '/internal/a',
        'slashes in the prefix': '/internal/a',
        'encoded slash': isHttpd ? '404' : '/internal/a%2Fb',
        'to the root': '/x?y',
        'not the prefix': '/docs/v1x0/x',
        unmapped: '/shopping',
        restricted: '403',
        permitted: '/internal/admin/x',
        'permitted, with parameters': '/internal/admin/x;a=1',
        'dots in parameters': '400',
        'the whole host': '/internal/x?y',
        'the whole host, dots in parameters': '400',
      })
      for (const name of ['a', 'b', 'b', 'a'])
        expect(seenBy(await request(`/shop/x;jsessionid=1.${name}`))).toMatchObject({
          name,
          url: `/internal/x;jsessionid=1.${name}`,
        })

      expect({
        path: await redirect('/shop/', '/internal/x?to=/internal/'),
        folder: await redirect('/shop/', '/internal'),
        'another path': await redirect('/shop/', '/internals/x'),
        'own host': await redirect('/shop/', 'http://HOST/internal/x'),
        'own host, https': await redirect('/shop/', 'https://HOST/internal/x'),
        'another host': await redirect('/shop/', 'http://other.example/internal/x'),
        'from the root': await redirect('/docs/v1.0/', '/x'),
        'another host, from the root': await redirect('/docs/v1.0/', '//other.example/x'),
        unmapped: await redirect('/', '/internal/x'),
        'to the root': await redirect('/', '/internal/x', 'whole.example'),
        'to the root itself': await redirect('/', '/internal', 'whole.example'),
        'no other host': await redirect('/', '/internal//other.example', 'whole.example'),
        'no other host, with a backslash': await redirect('/', '/internal/\\o', 'whole.example'),
      }).toEqual({
        path: '/shop/x?to=/internal/',
        folder: '/shop',
        'another path': '/internals/x',
        'own host': 'http://mapped.example/shop/x',
        'own host, https': 'https://mapped.example/shop/x',
        'another host': 'http://other.example/internal/x',
        'from the root': '/docs/v1.0/x',
        'another host, from the root': '//other.example/x',
        unmapped: '/internal/x',
        'to the root': '/x',
        'to the root itself': '/',
        'no other host': '/other.example',
        'no other host, with a backslash': '/o',
      })
      expect({
        folder: await cookies('/shop/', '/internal'),
        below: await cookies('/shop/', '/internal/x'),
        'from the root': await cookies('/docs/v1.0/', '/'),
        'to the root': await cookies('/', '/internal', 'whole.example'),
        'below the root': await cookies('/', '/internal/x', 'whole.example'),
        other: await cookies('/shop/', '/other'),
      }).toEqual({
        folder: { SID: '/shop' },
        below: { SID: '/shop/x' },
        'from the root': { SID: '/docs/v1.0/', SRV: '/' },
        'to the root': { SID: '/' },
        'below the root': { SID: '/x' },
        other: { SID: '/other' },
      })
    },
  )
})
