import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { compileText, configOf } from '../support/compile.ts'
import { runCli } from '../support/run-cli.ts'
import { type Backend, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { checkHaproxy, startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

interface Ports {
  readonly web: number
  readonly proxied: number
  /** Says from which address a request came, according to the PROXY protocol. */
  readonly inner: number
}

/** As people write it: three layouts, comments, parameters that no spec has. */
const file = ({ inner, proxied, web }: Ports, servers: readonly Backend[]): string => `# The shop
defaults
\tmode http
\toption forwardfor
\ttimeout connect 5s          # of our network
\ttimeout client  30s
\ttimeout server  30s

frontend www
\tbind 127.0.0.1:${web}
\tacl is_api path_beg /api
\tuse_backend api if is_api
\tdefault_backend shop

frontend proxied
\tbind 127.0.0.1:${proxied}
\tdefault_backend addresses

backend shop
\tbalance   leastconn
\tcookie    SRV insert indirect nocache
${servers.map(({ name, port }) => `\tserver    ${name}    127.0.0.1:${port}   cookie ${name} slowstart 5s  # rack ${name}`).join('\n')}
	http-request set-header X-Port %[dst_port]

# Shares idle connections
backend addresses
    http-reuse always
    balance source
    server inner 127.0.0.1:${inner} send-proxy

listen inner
    bind 127.0.0.1:${inner} accept-proxy
    http-request return status 200 content-type text/plain lf-string %[src]

backend api
    balance source
    hash-type consistent
${servers.map(({ name, port }) => `    server ${name} 127.0.0.1:${port}`).join('\n')}
`

const spec = (
  version: string,
  backends: readonly Backend[],
  { affinity, extra = '' }: { readonly affinity: string; readonly extra?: string },
): string => `version: 1
name: shop
targets: { haproxy: { version: "${version}", base: lb/haproxy.cfg } }
upstreams:
  shop:
    balance: least_conn
    affinity: ${affinity}
    servers: { ${backends.map(({ name, port }) => `${name}: "127.0.0.1:${port}"`).join(', ')} }
  ${extra}
`

const byCookie = '{ method: sticky, by: cookie, cookie: SRV, httpOnly: false }'

const edited = (base: string, text: string): string => {
  const { artifacts, diagnostics } = compileText(
    text,
    new Map([['lb/haproxy.cfg', configOf('haproxy.cfg', Buffer.from(base))]]),
  )
  expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
  expect(artifacts.map(({ path }) => path)).toEqual(['haproxy/haproxy.cfg'])
  return artifacts[0]?.text ?? ''
}

/** The lines that only one of two texts has. */
const changes = (before: string, after: string): readonly string[] => {
  const [old, now] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ]
}

const nameIn = async (answer: ReturnType<typeof get>): Promise<string> =>
  JSON.parse((await answer).body).name

describe.each(['2.2', '2.6', '3.0', '3.2'])('an existing file of HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'gets one server more, and keeps sessions', async ({ haproxy }) => {
    const backends = await Promise.all(['a', 'b', 'c'].map((name) => startBackend(name)))
    const [web, proxied, inner] = [await freePort(), await freePort(), await freePort()]
    const base = file({ web, proxied, inner }, backends.slice(0, 2))
    const url = `http://127.0.0.1:${web}/`
    const own = spec(haproxy.version, backends, { affinity: byCookie })

    // The spec of the file itself changes nothing; one server more is one line more.
    expect(edited(base, spec(haproxy.version, backends.slice(0, 2), { affinity: byCookie }))).toBe(
      base,
    )
    const text = edited(base, own)
    expect(changes(base, text)).toEqual([
      `+\tserver    c    127.0.0.1:${backends[2]?.port} cookie c slowstart 5s`,
    ])
    expect(edited(text, own)).toBe(text)

    const running = await startHaproxy(haproxy, text, [web, proxied, inner])
    const users = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const cookies = new Map<string, string>()
        const names = new Set<string>()
        for (let turn = 0; turn < 3; turn++) names.add(await nameIn(get(url, { cookies })))
        expect([...names]).toEqual([cookies.get('SRV')])
        return cookies.get('SRV')
      }),
    )
    expect(new Set(users).size).toBe(3)

    // The address of the connection is hashed, not that of the header that option forwardfor adds.
    const forwarded = [1, 2, 3, 4, 5, 6].map((host) => ({ 'X-Forwarded-For': `10.0.0.${host}` }))
    const api = await Promise.all(forwarded.map((headers) => nameIn(get(`${url}api`, { headers }))))
    expect(new Set(api).size).toBe(1)
    // No connection with the address of a client is shared with another one.
    for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.1', '127.0.0.3']) {
      const { body } = await get(`http://127.0.0.1:${proxied}/`, { from })
      expect(body).toBe(from)
    }
    await running.stop()

    // By the route in the session id: other servers than those of the cookie.
    const routed = edited(
      text,
      spec(haproxy.version, backends, { affinity: '{ method: jvm_route }' }),
    )
    expect(changes(text, routed).filter((line) => line.startsWith('-\tcookie'))).toHaveLength(1)
    expect(await checkHaproxy(haproxy, routed)).toMatchObject({ exitCode: 0, warnings: [] })
    await startHaproxy(haproxy, routed, [web])
    for (const { name } of backends) {
      const headers = { Cookie: `JSESSIONID=ABC.${name}; SRV=a` }
      expect(await nameIn(get(url, { headers }))).toBe(name)
    }
  })

  withServers(needs, 'loads with the sections that it does not have', async ({ haproxy }) => {
    const backends = [
      { ...(await startBackend('a')), name: 'a' },
      { ...(await startBackend('b')), name: 'b' },
    ]
    const base = file({ web: 18_001, proxied: 18_002, inner: 18_003 }, backends)
    const added = `php:
    protocol: fastcgi
    documentRoot: /srv/www
    servers: { p: "127.0.0.1:9000", q: "127.0.0.1:9001" }
    affinity: { method: sticky, by: learn, create: $upstream_cookie_SID, lookup: $cookie_SID }`
    const text = spec(haproxy.version, backends, { affinity: byCookie, extra: added }).replace(
      'base:',
      'peers: { lb: "127.0.0.1:18004" }, base:',
    )
    const use = `global\n\tlocalpeer lb\n\n${base}`.replace(
      '\tdefault_backend shop',
      '\tuse_backend php if is_api\n$&',
    )
    const written = edited(use, text)
    expect(written).toContain('\nfcgi-app php\n    docroot /srv/www\n')
    expect(written).toContain('\npeers sessctl\n')
    const check = await checkHaproxy(haproxy, written)
    expect(check).toMatchObject({ exitCode: 0, warnings: [] })
  })
})

describe('a file of another host', () => {
  const needs = { haproxy: findServer('haproxy', '3.0') }
  const host = `global
\tuser nobody-here
\tchroot /var/lib/nowhere
\tstats socket /run/nowhere/admin.sock mode 660
\tca-base /etc/ssl/nowhere
`

  withServers(needs, '--validate tests it as a whole, at the line of a mistake', async (found) => {
    const backends = [
      { ...(await startBackend('a')), name: 'a' },
      { ...(await startBackend('b')), name: 'b' },
    ]
    const all = file({ web: 80, proxied: 81, inner: 82 }, backends)
    const at = all.indexOf('backend api\n    balance')
    const secure = `frontend secure
\tbind shop.nowhere.invalid:443 ssl crt /etc/ssl/nowhere.pem
\tdefault_backend shop
`
    const base = `${host}${all.slice(0, at)}${secure}`
    const cwd = tempDir()
    mkdirSync(join(cwd, 'lb/conf.d'), { recursive: true })
    writeFileSync(join(cwd, 'lb/conf.d/api.cfg'), all.slice(at))
    writeFileSync(
      join(cwd, 'sessctl.yaml'),
      spec(found.haproxy.version, backends, { affinity: byCookie }),
    )
    const validate = async (text: string) => {
      writeFileSync(join(cwd, 'lb/haproxy.cfg'), text)
      const { exitCode, stdout } = await runCli(['generate', '--validate', '--format', 'json'], {
        cwd,
        env: { SESSCTL_HAPROXY: found.haproxy.command },
      })
      return { exitCode, said: stdout }
    }
    const whole = await validate(base)
    expect(whole.said).toMatch(/"status":\s*"accepted"/)
    expect(whole.exitCode).toBe(0)
    expect(readFileSync(join(cwd, 'generated/haproxy/haproxy.cfg'), 'utf8')).toBe(base)
    const wrong = await validate(base.replace('timeout client  30s', 'timeout cleint  30s'))
    expect(wrong.exitCode).toBe(1)
    expect(wrong.said).toContain("'timeout' supports")
    expect(wrong.said).toMatch(/"line":\s*11\b/)
  })
})
