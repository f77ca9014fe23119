import { describe, expect } from 'vitest'
import { compileText } from '../support/compile.ts'
import { freePort } from './support/free-port.ts'
import { type CookieJar, get } from './support/http.ts'
import { type Answer, type Backends, startBackends } from './support/named-backends.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

/** Starts the generated configuration of the upstream `app`, with `backends` as its servers. */
const startWritten = async (
  nginx: Server,
  backends: Backends,
  upstream: {
    readonly affinity: object
    readonly keepalive?: number
    readonly servers: Readonly<Record<string, object>>
  },
) => {
  const port = await freePort()
  const servers = Object.entries(upstream.servers).map(([name, details]) => [
    name,
    { address: backends.addressOf(name), ...details },
  ])
  const spec = {
    version: 1,
    name: 'written',
    targets: { nginx: { version: nginx.version } },
    frontends: {
      web: { listen: [`127.0.0.1:${port}`], locations: [{ match: '/', upstream: 'app' }] },
    },
    upstreams: { app: { ...upstream, servers: Object.fromEntries(servers) } },
  }
  const { artifacts, diagnostics } = compileText(JSON.stringify(spec))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const http = artifacts.find(({ path }) => path === 'nginx/written.conf')?.text ?? ''
  await startNginx(nginx, { http }, [port])
  return `http://127.0.0.1:${port}`
}

const ask = async (url: string, cookies?: CookieJar): Promise<Answer & { status: number }> => {
  const { status, body } = await get(url, cookies ? { cookies } : {})
  return { status, ...(status === 200 ? (JSON.parse(body) as Answer) : nobody) }
}
const nobody: Answer = { name: 'nobody', url: '', headers: {} }

/** The servers that answer eight equal requests: one name if they are pinned. */
const answering = async (url: string, cookie?: string): Promise<readonly string[]> => {
  const names = new Set<string>()
  for (let count = 0; count < 8; count++) {
    const jar: CookieJar = new Map(cookie === undefined ? [] : [['JSESSIONID', cookie]])
    names.add((await ask(url, jar)).name)
  }
  return [...names].sort()
}

const everybody = ['a', 'b', 'c']
const up = { a: {}, b: {}, c: {} }

/** Path, JSESSIONID, and the server that must answer. */
const sessions: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  ['/', undefined, everybody],
  ['/', 'ABC.b', ['b']],
  ['/', 'ABC.x.b', ['b']],
  ['/', 'ABC.B', everybody],
  ['/', 'ABC.bb', everybody],
  ['/', 'ABCb', everybody],
  ['/', 'b', everybody],
  ['/', 'ABC.', everybody],
  ['/x;jsessionid=ABC.b', undefined, ['b']],
  ['/x;JSessionId=ABC.b', undefined, ['b']],
  ['/x;jsessionid=ABC.b?q=1', undefined, ['b']],
  ['/x;jsessionid=ABC.b/y', undefined, ['b']],
  ['/x;jsessionid=ABC.b;v=1', undefined, ['b']],
  ['/x?jsessionid=ABC.b', undefined, ['b']],
  ['/x?q=1&jsessionid=ABC.b', undefined, ['b']],
  ['/x?jsessionid=ABC.b&q=1', undefined, ['b']],
  ['/x;jsessionid=ABC.b', 'ABC.c', ['c']],
  ['/x;jsessionid=ABC.b', 'ABC', everybody],
  ['/x;xjsessionid=ABC.b', undefined, everybody],
  ['/x?xjsessionid=ABC.b', undefined, everybody],
  ['/jsessionid/ABC.b', undefined, everybody],
  ['/x;jsessionid=ABC?q=x.b', undefined, everybody],
]

describe.each(['1.18', '1.22', '1.26', '1.30'])('generated jvm_route on nginx %s', (version) => {
  const needs = { nginx: findServer('nginx', version) }
  const affinity = { method: 'jvm_route' }

  withServers(needs, 'pins requests with a route and balances all others', async ({ nginx }) => {
    const base = await startWritten(nginx, await startBackends(everybody), {
      affinity,
      servers: up,
    })
    for (const [path, cookie, expected] of sessions) {
      const names = await answering(`${base}${path}`, cookie)
      expect([path, cookie, names]).toEqual([path, cookie, expected])
    }
  })

  withServers(needs, 'uses the longest route at the beginning of the id', async ({ nginx }) => {
    const names = ['n1', 'n10', 'n2']
    const base = await startWritten(nginx, await startBackends(names), {
      affinity: { ...affinity, reverse: false },
      servers: { n1: {}, n10: {}, n2: {} },
    })
    expect(await answering(base, 'n10ABC')).toEqual(['n10'])
    expect(await answering(base, 'n1ABC')).toEqual(['n1'])
    expect(await answering(base, 'N1ABC')).toEqual(names)
    expect(await answering(`${base}/x;jsessionid=n10ABC`)).toEqual(['n10'])
    expect(await answering(`${base}/x;jsessionid=xn1ABC`)).toEqual(names)
  })

  withServers(
    needs,
    'keeps sessions on a drained server and sends it no others',
    async ({ nginx }) => {
      const base = await startWritten(nginx, await startBackends(everybody), {
        affinity,
        servers: { ...up, b: { state: 'drain' } },
      })
      expect(await answering(base)).toEqual(['a', 'c'])
      expect(await answering(base, 'ABC.b')).toEqual(['b'])
    },
  )

  withServers(needs, 'uses another server if the pinned one has failed', async ({ nginx }) => {
    const backends = await startBackends(everybody)
    const base = await startWritten(nginx, backends, {
      affinity,
      servers: { a: {}, b: {}, c: { state: 'down' } },
    })
    expect(await answering(base, 'ABC.c')).toEqual(['a', 'b'])
    expect(await answering(base, 'ABC.b')).toEqual(['b'])
    await backends.kill('b')
    expect(await answering(base, 'ABC.b')).toEqual(['a'])
  })

  withServers(needs, 'fails instead if it is strict', async ({ nginx }) => {
    const backends = await startBackends(everybody)
    const base = await startWritten(nginx, backends, {
      affinity: { ...affinity, onFailure: 'strict' },
      servers: { ...up, c: { state: 'down' } },
    })
    expect(await answering(base, 'ABC.b')).toEqual(['b'])
    await backends.kill('b')
    expect((await ask(base, new Map([['JSESSIONID', 'ABC.b']]))).status).toBe(502)
    expect((await ask(base, new Map([['JSESSIONID', 'ABC.c']]))).status).toBe(502)
    expect(await answering(base, 'ABC.a')).toEqual(['a'])
    expect(await answering(base)).toEqual(['a'])
  })

  withServers(
    needs,
    'reads a cookie whose name is not a valid variable name',
    async ({ nginx }) => {
      const base = await startWritten(nginx, await startBackends(everybody), {
        affinity: { ...affinity, cookie: 'my-sess.id' },
        servers: up,
      })
      const others: [string, string][] = [
        ['xmy-sess.id', 'A.a'],
        ['my-sessXid', 'A.a'],
      ]
      for (let count = 0; count < 6; count++) {
        const jar = new Map([...others, ['my-sess.id', 'A.b'] as [string, string]])
        expect((await ask(base, jar)).name).toBe('b')
      }
    },
  )

  withServers(needs, 'sends host, client address and scheme to the server', async ({ nginx }) => {
    const base = await startWritten(nginx, await startBackends(everybody), {
      affinity: { ...affinity, via: version === '1.30' ? 'native' : 'maps' },
      keepalive: 4,
      servers: up,
    })
    const { url, headers } = await ask(`${base}/a%20b;v=1?q=%2f`, new Map([['JSESSIONID', 'A.b']]))
    expect(url).toBe('/a%20b;v=1?q=%2f')
    expect(headers).toMatchObject({
      host: new URL(base).host,
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      cookie: 'JSESSIONID=A.b',
    })
    expect(headers['connection']).not.toBe('close')
  })

  withServers(needs, 'uses the first variable that is not empty', async ({ nginx }) => {
    const base = await startWritten(nginx, await startBackends(everybody), {
      affinity: {
        method: 'sticky',
        by: 'route',
        from: ['$arg_first', '$arg_second', '$arg_third'],
      },
      servers: up,
    })
    expect(await answering(`${base}/?third=c&second=b`)).toEqual(['b'])
    expect(await answering(`${base}/?third=c&second=b&first=a`)).toEqual(['a'])
    expect(await answering(`${base}/?third=c&second=&first=`)).toEqual(['c'])
    expect(await answering(`${base}/?second=nobody&third=c`)).toEqual(everybody)
    expect(await answering(`${base}/`)).toEqual(everybody)
  })

  withServers(needs, 'pins a client by the affinity cookie', async ({ nginx }) => {
    const base = await startWritten(nginx, await startBackends(everybody), {
      affinity: { method: 'sticky', by: 'cookie', cookie: 'srv-id' },
      servers: up,
    })
    const firsts = new Set<string>()
    // The probability that all are on one server by chance is below one in a thousand million.
    for (let client = 0; client < 20; client++) {
      const jar: CookieJar = new Map()
      const { name } = await ask(base, jar)
      firsts.add(name)
      expect([...jar.keys()]).toEqual(['srv-id'])
      for (let count = 0; count < 6; count++) expect((await ask(base, jar)).name).toBe(name)
    }
    expect(firsts.size).toBeGreaterThan(1)
  })
})
