import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { compileText } from '../support/compile.ts'
import { startApache } from './support/apache.ts'
import { type Backend, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { type CookieJar, type GetOptions, get, type Response } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** Starts httpd with what a spec without its first lines becomes. */
const startSpec = async (httpd: Server, rest: string, ports: readonly number[]): Promise<void> => {
  const { artifacts, diagnostics } = compileText(
    `version: 1\nname: test\ntargets: { httpd: { version: "${httpd.version}" } }\n${rest}`,
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const { text, modules } = httpdConfig(artifacts)
  await startApache(httpd, text, ports, modules)
}

type Ask = (path: string, options?: GetOptions) => Promise<Response>

/** httpd on a free port, in front of one upstream. */
const start = async (httpd: Server, upstream: string): Promise<Ask> => {
  const port = await freePort()
  const web = `{ listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] }`
  await startSpec(httpd, `frontends: { web: ${web} }\nupstreams:\n  app: ${upstream}\n`, [port])
  return (path, options = {}) => get(`http://127.0.0.1:${port}${path}`, options)
}

const namesOf = async (ask: Ask, path: string, options: GetOptions = {}, requests = 6) => {
  const names = new Set<string>()
  for (let request = 0; request < requests; request++) {
    const response = await ask(path, options)
    expect(response.status).toBe(200)
    names.add(seenBy(response).name)
  }
  return [...names].sort()
}

const at = ({ port }: Backend): string => `127.0.0.1:${port}`
const cookie = (text: string): GetOptions => ({ headers: { Cookie: text } })
const backends = (...names: string[]): Promise<Backend[]> =>
  Promise.all(names.map((name) => startBackend(name)))

describe('Apache httpd 2.4', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  withServers(
    needs,
    'jvm_route: pins a request to the server of its session id',
    async ({ httpd }) => {
      const [a, b, old, spare] = await backends('a', 'b', 'old', 'spare')
      if (!a || !b || !old || !spare) throw new Error('no backends')
      const ask = await start(
        httpd,
        `{ affinity: { method: jvm_route }, servers: { n1: "${at(a)}", n2: "${at(b)}",
        old: { address: "${at(old)}", state: drain }, off: { address: "127.0.0.1:${await freePort()}", state: down },
        spare: { address: "${at(spare)}", state: backup } } }`,
      )
      expect(await namesOf(ask, '/')).toEqual(['a', 'b'])
      // Pinned requests count for the balance: from here on, only "a" gets requests without a route.
      expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.n2'), 50)).toEqual(['b'])
      expect(await namesOf(ask, '/', cookie('x=y.n1; JSESSIONID=ABC.n2; z=.n1'))).toEqual(['b'])
      expect(await namesOf(ask, '/', cookie('JSESSIONID=A.n2; JSESSIONID=A.n1'))).toEqual(['b'])
      expect(await namesOf(ask, '/x;jsessionid=ABC.n2')).toEqual(['b'])
      expect(await namesOf(ask, '/x;a=1;jsessionid=ABC.n2;b=2?q=.n1')).toEqual(['b'])
      expect(await namesOf(ask, '/x?jsessionid=ABC.n2&q=.n1')).toEqual(['b'])
      expect(await namesOf(ask, '/x;jsessionid=A.n2', cookie('JSESSIONID=A.n1'))).toEqual(['b'])
      for (const each of ['ABC.n3', 'n2', 'ABC.N2', 'ABC.off'])
        expect([each, await namesOf(ask, '/', cookie(`JSESSIONID=${each}`))]).toEqual([each, ['a']])
      expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.old'))).toEqual(['old'])
      const seen = seenBy(await ask('/x%20y;jsessionid=ABC.n2?q=%20'))
      expect(seen.url).toBe('/x%20y;jsessionid=ABC.n2?q=%20')
      await b.stop()
      expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.n2'))).toEqual(['a'])
      await a.stop()
      expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.n2'))).toEqual(['spare'])
    },
  )

  withServers(needs, 'jvm_route, strict: uses the pinned server or fails', async ({ httpd }) => {
    const [a, b] = await backends('a', 'b')
    if (!a || !b) throw new Error('no backends')
    const ask = await start(
      httpd,
      `{ affinity: { method: jvm_route, onFailure: strict }, servers: {
        n1: "${at(a)}", n2: "${at(b)}", off: { address: "127.0.0.1:${await freePort()}", state: down } } }`,
    )
    expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.n2'))).toEqual(['b'])
    expect((await ask('/', cookie('JSESSIONID=ABC.off'))).status).toBe(503)
    await b.stop()
    for (let count = 0; count < 3; count++)
      expect((await ask('/', cookie('JSESSIONID=ABC.n2'))).status).toBe(503)
    expect(await namesOf(ask, '/')).toEqual(['a'])
    expect(await namesOf(ask, '/', cookie('JSESSIONID=ABC.n3'))).toEqual(['a'])
  })

  withServers(
    needs,
    'sticky cookie: sets the cookie when the server changes',
    async ({ httpd }) => {
      const [a, b] = await backends('a', 'b')
      if (!a || !b) throw new Error('no backends')
      const ask = await start(
        httpd,
        `{ affinity: { method: sticky, by: cookie, cookie: srv.id, domain: example.com, path: "/%shop's",
        httpOnly: true, secure: true, sameSite: none }, servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
      )
      const cookies: CookieJar = new Map()
      const first = await ask('/', { cookies })
      const { name } = seenBy(first)
      const [set] = first.setCookies
      expect(set?.value).toBe(name === 'a' ? '.n1' : '.n2')
      expect(Object.fromEntries(set?.attributes ?? [])).toEqual({
        ...{ path: "/%shop's", domain: 'example.com', httponly: '', secure: '', samesite: 'None' },
      })
      expect(first.headers['cache-control']).toBe('private')
      const again = await ask('/', { cookies })
      expect(again.setCookies).toEqual([])
      expect(again.headers['cache-control']).toBeUndefined()
      expect(await namesOf(ask, '/', { cookies })).toEqual([name])
      await (name === 'a' ? a : b).stop()
      const moved = await ask('/', { cookies })
      expect(moved.status).toBe(200)
      expect(cookies.get('srv.id')).toBe(name === 'a' ? '.n2' : '.n1')
    },
  )

  withServers(
    needs,
    'sticky cookie: keeps the cookies of two upstreams apart, one of them renewed',
    async ({ httpd }) => {
      const [a, b] = await backends('a', 'b')
      if (!a || !b) throw new Error('no backends')
      const port = await freePort()
      const servers = `servers: { n1: "${at(a)}", n2: "${at(b)}" }`
      await startSpec(
        httpd,
        `frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /One, upstream: One }, { match: /, upstream: two }] } }
upstreams:
  One: { affinity: { method: sticky, by: cookie, cookie: ONE, expires: 90s, nocache: false }, ${servers} }
  two: { affinity: { method: sticky, by: cookie, cookie: TWO }, ${servers} }
`,
        [port],
      )
      const ask = (path: string, options: GetOptions) =>
        get(`http://127.0.0.1:${port}${path}`, options)
      for (const path of ['/One', '/One']) {
        const { setCookies } = await ask(path, cookie('ONE=.n2'))
        expect(setCookies.map(({ name, value }) => [name, value])).toEqual([['ONE', '.n2']])
        expect(setCookies[0]?.attributes.get('max-age')).toBe('90')
      }
      expect((await ask('/', cookie('ONE=.n2'))).setCookies.map(({ name }) => name)).toEqual([
        'TWO',
      ])
      expect((await ask('/', cookie('TWO=.n2'))).setCookies).toEqual([])
    },
  )

  withServers(needs, 'sticky route: uses the whole value', async ({ httpd }) => {
    const [a, b] = await backends('a', 'b')
    if (!a || !b) throw new Error('no backends')
    const ask = await start(
      httpd,
      `{ affinity: { method: sticky, by: route, from: [$cookie_route, $arg_pin] },
        servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
    )
    expect(await namesOf(ask, '/', cookie('route=n2'))).toEqual(['b'])
    expect(await namesOf(ask, '/?pin=n2&x=1')).toEqual(['b'])
    expect(await namesOf(ask, '/', cookie('route=x.n2'))).toEqual(['a'])
    expect(await namesOf(ask, '/', {}, 20)).toEqual(['a', 'b'])
  })

  withServers(needs, 'chooses locations as nginx does', async ({ httpd }) => {
    const all = await backends('exact', 'deep', 'jsp', 'shop', 'intern', 'root')
    const dir = tempDir()
    // httpd reads files as the user nobody if root started it.
    chmodSync(dir, 0o755)
    mkdirSync(join(dir, 'files', 'deeper'), { recursive: true })
    writeFileSync(join(dir, 'files', 'start page.html'), 'the start')
    writeFileSync(join(dir, 'files', 'x.jsp'), 'a file')
    mkdirSync(join(dir, 'odd'))
    writeFileSync(join(dir, 'odd', 'Disabled'), 'an odd name')
    writeFileSync(join(dir, 'secret'), 'not for you')
    const port = await freePort()
    await startSpec(
      httpd,
      `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations:
      - { match: /app/, upstream: root }
      - { match: "/sh&op$/", upstream: shop }
      - { match: '/$1%\\état/', upstream: shop }
      - { match: /intern, upstream: intern, allow: [127.0.0.2] }
      - { match: '~ \\.jsp$', upstream: jsp }
      - { match: /files/deep, upstream: deep }
      - { match: "^~ /files", root: ${dir}, index: ["start page.html"] }
      - { match: "= /files", upstream: exact }
      - { match: "^~ /odd/", root: ${dir}, index: [Disabled] }
      - { match: /état, upstream: exact }
      - { match: "= /status", status: shop, allow: [127.0.0.0/8] }
upstreams:
${all.map((each) => `  ${each.name}: { servers: { ${each.name}: "${at(each)}" } }\n`).join('')}`,
      [port],
    )
    const url = `http://127.0.0.1:${port}`
    const answerOf = ({ status, headers, body }: Response): string => {
      if (status !== 200) return String(status)
      return headers['content-type'] === 'application/json' ? JSON.parse(body).name : body
    }
    const expected = {
      '/app/': 'root',
      '/files': 'exact',
      '/files/': 'the start',
      '/files/x.jsp': 'a file',
      '/files/none': '404',
      '/odd/': 'an odd name',
      '/files/deeper': 'deep',
      '/files/deep.jsp': 'jsp',
      '/secret': '404',
      '/x.jsp': 'jsp',
      '/x.JSP': '404',
      '/sh&op$/x': 'shop',
      '/sh&op$': '301',
      '//sh%26op$//x': 'shop',
      '/%C3%A9tat': 'exact',
      '/intern/x': '403',
      '//%69ntern': '403',
      '/intern/x.jsp': 'jsp',
      '/': '404',
    }
    const found = Object.keys(expected).map(async (path) => [path, answerOf(await get(url + path))])
    expect(Object.fromEntries(await Promise.all(found))).toEqual(expected)
    expect(answerOf(await get(`${url}/intern/x`, { from: '127.0.0.2' }))).toBe('intern')
    expect((await get(`${url}/sh&op$?a=%25&b`)).headers.location).toBe(`${url}/sh&op$/?a=%25&b`)
    expect((await get(`${url}/$1%25%5C%C3%A9tat`)).headers.location).toBe(
      `${url}/$1%25%5c%c3%a9tat/`,
    )
    expect((await get(`${url}/status`)).body).toContain('balancer://shop')
  })

  withServers(needs, 'restricts by host names, headers and client addresses', async ({ httpd }) => {
    const all = await backends('admin', 'other', 'shop')
    const port = await freePort()
    const value = `100% 'sure' "ok" \\n $5 %t %{}e  #1; é😀 {`
    await startSpec(
      httpd,
      `frontends:
  admin:
    listen: ["127.0.0.1:${port}"]
    serverNames: [admin.example.com]
    headers: { X-Env: ${JSON.stringify(value)}, x-real-ip: none, X-Forwarded-For: nobody }
    locations: [{ match: /, upstream: admin }]
  other:
    listen: ["127.0.0.1:${port}"]
    locations: [{ match: /, upstream: other }]
  shop:
    listen: ["127.0.0.1:${port}"]
    serverNames: [.example.com, "shop.*"]
    clientAddress: { trust: [127.0.0.0/8, 10.1.2.3/8, "fd00::/8"], header: X-Forwarded-For }
    locations: [{ match: /, upstream: shop }]
upstreams:
${all.map((each) => `  ${each.name}: { servers: { ${each.name}: "${at(each)}" } }\n`).join('')}`,
      [port],
    )
    const ask = async (Host: string, headers: Readonly<Record<string, string>> = {}) =>
      seenBy(await get(`http://127.0.0.1:${port}/`, { headers: { Host, ...headers } }))
    const expected = {
      'admin.example.com': 'admin',
      'ADMIN.Example.Com:8080': 'admin',
      'example.com': 'shop',
      'www.example.com': 'shop',
      'shop.example.org:80': 'shop',
      'nexample.com': 'other',
      shop: 'other',
    }
    for (const [host, name] of Object.entries(expected))
      expect([host, (await ask(host)).name]).toEqual([host, name])

    const { headers } = await ask('admin.example.com:81')
    expect(Buffer.from(String(headers['x-env']), 'latin1').toString()).toBe(value)
    expect(headers).toMatchObject({
      host: 'admin.example.com:81',
      'x-real-ip': 'none',
      'x-forwarded-for': 'nobody',
      'x-forwarded-proto': 'http',
    })
    const forwarded = {
      '192.0.2.1': '192.0.2.1',
      '192.0.2.4, 10.1.1.1, 127.0.0.9': '192.0.2.4',
      '192.0.2.5, 192.0.2.6, 10.1.1.1': '192.0.2.6',
      '2001:db8::7, fd00::1': '2001:db8::7',
    }
    for (const [each, client] of Object.entries(forwarded)) {
      const seen = await ask('shop.example.com', { 'X-Forwarded-For': each })
      expect(seen.headers['x-real-ip']).toBe(client)
    }
  })
})
