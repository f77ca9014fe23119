import { describe, expect } from 'vitest'
import { type Backend, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { type CookieJar, type GetOptions, get, type Response } from './support/http.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

const versions = ['2.2', '2.6', '3.0', '3.2']

interface Running {
  readonly get: (path: string, options?: GetOptions) => Promise<Response>
  /** The names of the backends that answered so many requests, each once, sorted. */
  readonly names: (path: string, options?: GetOptions, requests?: number) => Promise<string[]>
}

const namesOf = async (ask: () => Promise<Response>, requests: number): Promise<string[]> => {
  const names = new Set<string>()
  for (let request = 0; request < requests; request++) {
    const response = await ask()
    expect(response.status).toBe(200)
    names.add(seenBy(response).name)
  }
  return [...names].sort()
}

/** HAProxy on a free port, in front of one upstream. */
const start = async (haproxy: Server, upstream: string): Promise<Running> => {
  const port = await freePort()
  const spec = `
version: 1
name: test
targets: { haproxy: { version: "${haproxy.version}" } }
frontends: { web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] } }
upstreams:
  app: ${upstream}
`
  await startHaproxy(haproxy, artifactOf(spec, 'haproxy/haproxy.cfg'), [port])
  const ask = (path: string, options: GetOptions = {}) =>
    get(`http://127.0.0.1:${port}${path}`, options)
  return {
    get: ask,
    names: (path, options, requests = 6) => namesOf(() => ask(path, options), requests),
  }
}

const at = ({ port }: Backend): string => `127.0.0.1:${port}`
/** Until a check has seen that a server is gone. */
const patient = { timeout: 30_000, interval: 50 }

const cookie = (text: string): GetOptions => ({ headers: { Cookie: text } })

describe.each(versions)('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(
    needs,
    'jvm_route: pins a request to the server of its session id',
    async ({ haproxy }) => {
      const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startBackend(name)))
      if (!a || !b || !c) throw new Error('no backends')
      const dead = await freePort()
      const app = await start(
        haproxy,
        `{ affinity: { method: jvm_route }, servers: {
        n1: "${at(a)}", n2: "${at(b)}", old: { address: "${at(c)}", state: drain },
        gone: "127.0.0.1:${dead}", off: { address: "${at(c)}", route: off, state: down } } }`,
      )
      expect(await app.names('/')).toEqual(['a', 'b'])
      expect(await app.names('/', cookie('JSESSIONID=ABC.n2'))).toEqual(['b'])
      expect(await app.names('/', cookie('x=y.n1; JSESSIONID=ABC.x.n2; z=1.n1'))).toEqual(['b'])
      expect(await app.names('/', cookie('JSESSIONID=A.n1;JSESSIONID=A.n2'))).toEqual(['a'])
      expect(await app.names('/x;jsessionid=ABC.n2')).toEqual(['b'])
      expect(await app.names('/x;a=1;JSessionId=ABC.n2;b=2/y.n1?q=.n1')).toEqual(['b'])
      expect(await app.names('/x?a=b&jsessionid=ABC.n2&c=.n1')).toEqual(['b'])
      expect(await app.names('/x;jsessionid=ABC.n2', cookie('JSESSIONID='))).toEqual(['b'])
      expect(await app.names('/x;jsessionid=ABC.n2', cookie('JSESSIONID=ABC.n1'))).toEqual(['a'])
      for (const [path, options] of [
        ['/', cookie('JSESSIONID=ABC.n3')],
        ['/', cookie('JSESSIONID=n2')],
        ['/', cookie('JSESSIONID=ABC.N2')],
        ['/', cookie('XJSESSIONID=ABC.n2')],
        ['/x;xjsessionid=ABC.n2', {}],
        ['/jsessionid=ABC.n2', {}],
        ['/x?u=/y;jsessionid=ABC.n2', {}],
        ['/x.n2', {}],
        ['/', cookie('JSESSIONID=ABC.gone')],
        ['/', cookie('JSESSIONID=ABC.off')],
      ] as const) {
        expect([path, await app.names(path, options)]).toEqual([path, ['a', 'b']])
      }
      expect(await app.names('/', cookie('JSESSIONID=ABC.old'))).toEqual(['c'])
    },
  )

  withServers(needs, 'jvm_route, strict: uses the pinned server or fails', async ({ haproxy }) => {
    const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name)))
    if (!a || !b) throw new Error('no backends')
    const app = await start(
      haproxy,
      `{ affinity: { method: jvm_route, onFailure: strict }, nextUpstream: { tries: 1 },
        check: { interval: 200ms, rise: 1, fall: 1 }, servers: {
        n1: "${at(a)}", n2: "${at(b)}", off: { address: "${at(b)}", state: down } } }`,
    )
    expect(await app.names('/', cookie('JSESSIONID=ABC.n2'))).toEqual(['b'])
    expect((await app.get('/', cookie('JSESSIONID=ABC.off'))).status).toBe(503)
    await b.stop()
    // 502 if the request was sent on an idle connection that the server closed at that moment.
    expect([502, 503]).toContain((await app.get('/', cookie('JSESSIONID=ABC.n2'))).status)
    await expect.poll(() => app.names('/').catch(() => []), patient).toEqual(['a'])
    expect((await app.get('/', cookie('JSESSIONID=ABC.n2'))).status).toBe(503)
    expect(await app.names('/')).toEqual(['a'])
    expect(await app.names('/', cookie('JSESSIONID=ABC.n3'))).toEqual(['a'])
  })

  withServers(
    needs,
    'jvm_route at the beginning: uses the longest matching route',
    async ({ haproxy }) => {
      const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startBackend(name)))
      if (!a || !b || !c) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: jvm_route, reverse: false }, servers: {
        node10: "${at(a)}", node1: "${at(b)}", n: "${at(c)}" } }`,
      )
      expect(await app.names('/', cookie('JSESSIONID=node10ABC'))).toEqual(['a'])
      expect(await app.names('/', cookie('JSESSIONID=node1ABC'))).toEqual(['b'])
      expect(await app.names('/;jsessionid=nABC')).toEqual(['c'])
      expect(await app.names('/', cookie('JSESSIONID=Anode1'))).toEqual(['a', 'b', 'c'])
    },
  )

  withServers(
    needs,
    'cookie prefix: writes the route before the session id',
    async ({ haproxy }) => {
      let sessions = 0
      const options = { cookie: () => `JSESSIONID=S${++sessions}; Path=/` }
      const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name, options)))
      if (!a || !b) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: jvm_route, mode: prefix }, servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
      )
      const cookies: CookieJar = new Map()
      const first = seenBy(await app.get('/login', { cookies }))
      expect(cookies.get('JSESSIONID')).toBe(`${first.name === 'a' ? 'n1' : 'n2'}~S1`)
      expect(await app.names('/', { cookies })).toEqual([first.name])
      expect(seenBy(await app.get('/', { cookies })).headers.cookie).toBe('JSESSIONID=S1')
    },
  )

  withServers(
    needs,
    'cookie insert: sets the cookie once, hides it from the server, renews it',
    async ({ haproxy }) => {
      const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startBackend(name)))
      if (!a || !b || !c) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: sticky, by: cookie, cookie: srv.id, expires: 1h, domain: localhost,
        path: "/%shop's", httpOnly: true, secure: true, sameSite: strict }, servers: {
        n1: "${at(a)}", n2: "${at(b)}", old: { address: "${at(c)}", state: drain } } }`,
      )
      const cookies: CookieJar = new Map()
      const first = await app.get('/', { cookies })
      const [set] = first.setCookies
      expect(set?.value).toMatch(/^n[12]\|[A-Za-z0-9+/]{5}$/)
      expect(Object.fromEntries(set?.attributes ?? [])).toEqual({
        ...{ path: "/%shop's", domain: 'localhost', 'max-age': '3600' },
        ...{ httponly: '', secure: '', samesite: 'Strict' },
      })
      expect(seenBy(first).headers.cookie).toBeUndefined()
      const again = await app.get('/', { cookies })
      expect(again.setCookies).toEqual([])
      expect(seenBy(again).headers.cookie).toBeUndefined()
      expect(await app.names('/', { cookies })).toEqual([seenBy(first).name])
      expect(await app.names('/', cookie('srv.id=old'))).toEqual(['c'])
      expect(await app.names('/', cookie('srv.id=n9'))).toEqual(['a', 'b'])
      await (seenBy(first).name === 'a' ? a : b).stop()
      const moved = await app.get('/', { cookies })
      expect(moved.status).toBe(200)
      expect(cookies.get('srv.id')?.slice(0, 2)).toBe(seenBy(moved).name === 'a' ? 'n1' : 'n2')
      expect(await app.names('/', { cookies })).toEqual([seenBy(moved).name])
    },
  )

  withServers(
    needs,
    'cookie insert, strict: uses the pinned server or fails',
    async ({ haproxy }) => {
      const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name)))
      if (!a || !b) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: sticky, by: cookie, cookie: SRV, expires: 1h, onFailure: strict },
        nextUpstream: { tries: 1 }, check: { interval: 200ms, rise: 1, fall: 1 }, servers: {
        n1: "${at(a)}", n2: "${at(b)}", off: { address: "${at(b)}", state: down } } }`,
      )
      expect(await app.names('/', cookie('SRV=n2'))).toEqual(['b'])
      expect((await app.get('/', cookie('SRV=off|abcde'))).status).toBe(503)
      await b.stop()
      await expect.poll(() => app.names('/').catch(() => []), patient).toEqual(['a'])
      expect((await app.get('/', cookie('SRV=n2'))).status).toBe(503)
      expect(await app.names('/')).toEqual(['a'])
    },
  )

  withServers(needs, 'cookie rewrite: sets the value to the route', async ({ haproxy }) => {
    const options = { cookie: () => 'SERVERID=whatever; Path=/' }
    const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name, options)))
    if (!a || !b) throw new Error('no backends')
    const app = await start(
      haproxy,
      `{ affinity: { method: sticky, by: cookie, cookie: SERVERID, mode: rewrite },
        servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
    )
    const cookies: CookieJar = new Map()
    const first = seenBy(await app.get('/login', { cookies }))
    expect(cookies.get('SERVERID')).toBe(first.name === 'a' ? 'n1' : 'n2')
    expect(await app.names('/', { cookies })).toEqual([first.name])
  })

  withServers(
    needs,
    'sticky route: uses the first variable that is not empty',
    async ({ haproxy }) => {
      const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name)))
      if (!a || !b) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: sticky, by: route, from: [$cookie_route, $arg_route, $http_x_route] },
        servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
      )
      expect(await app.names('/', cookie('route=n2'))).toEqual(['b'])
      expect(await app.names('/?route=n2')).toEqual(['b'])
      expect(await app.names('/?route=n2', cookie('route='))).toEqual(['b'])
      expect(await app.names('/?route=n1', cookie('route=n2'))).toEqual(['b'])
      expect(await app.names('/', { headers: { 'X-Route': 'n2' } })).toEqual(['b'])
      expect(await app.names('/?route=n1', cookie('route=n3'))).toEqual(['a', 'b'])
      expect(await app.names('/?route=')).toEqual(['a', 'b'])
    },
  )

  withServers(
    needs,
    'sticky learn: uses the server that created the session',
    async ({ haproxy }) => {
      let sessions = 0
      const options = { cookie: () => `SID=S${++sessions}; Path=/` }
      const [a, b] = await Promise.all(['a', 'b'].map((name) => startBackend(name, options)))
      if (!a || !b) throw new Error('no backends')
      const app = await start(
        haproxy,
        `{ affinity: { method: sticky, by: learn, create: $upstream_cookie_SID, lookup: $cookie_SID },
        servers: { n1: "${at(a)}", n2: "${at(b)}" } }`,
      )
      const users: { cookies: CookieJar; name: string }[] = []
      for (let user = 0; user < 4; user++) {
        const cookies: CookieJar = new Map()
        users.push({ cookies, name: seenBy(await app.get('/login', { cookies })).name })
      }
      expect(new Set(users.map(({ name }) => name)).size).toBe(2)
      for (const { cookies, name } of users)
        expect(await app.names('/', { cookies })).toEqual([name])
      await a.stop()
      for (const { cookies } of users) expect(await app.names('/', { cookies })).toEqual(['b'])
    },
  )

  withServers(needs, 'sticky learn: keeps sessions of a drained server', async ({ haproxy }) => {
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => startBackend(name, { cookie: () => `SID=${name}; Path=/` })),
    )
    if (!a || !b) throw new Error('no backends')
    const app = await start(
      haproxy,
      `{ affinity: { method: sticky, by: learn, create: $upstream_cookie_SID, lookup: [$cookie_SID, $arg_pin] },
        servers: { n1: "${at(a)}", n2: { address: "${at(b)}", state: drain } } }`,
    )
    expect(await app.names('/login')).toEqual(['a'])
    expect(await app.names('/', cookie('SID=a'))).toEqual(['a'])
    expect(await app.names('/?pin=a')).toEqual(['a'])
  })
})
