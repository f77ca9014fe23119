import { describe, expect } from 'vitest'
import { checkApache, startApache } from './support/apache.ts'
import { freePort } from './support/free-port.ts'
import { checkHaproxy, startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { checkNginx, startNginx } from './support/nginx.ts'
import { accepts, run } from './support/process.ts'
import { findServer, findTomcat, type Program, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { stageTomcat, startTomcat, stockServerXml } from './support/tomcat.ts'

/** Nobody listens there; a configuration may still name it. */
const nobody = '127.0.0.1:1'

const haproxyConfig = (port: number): string => `
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend web
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string "haproxy here"
`

const nginxConfig = (port: number): string => `
upstream app { ip_hash; server ${nobody}; }
server { listen 127.0.0.1:${port}; location / { return 200 "nginx here"; } location /app { proxy_pass http://app; } }
`

const apacheConfig = (port: number): string => `
Listen 127.0.0.1:${port}
<Proxy "balancer://app">
  BalancerMember "http://${nobody}" route=tomcat01
  ProxySet stickysession=JSESSIONID|jsessionid
</Proxy>
ProxyPass "/" "balancer://app/"
`

describe('the launchers', () => {
  const programs: [Program, string][] = [
    ['nginx', '1.18'],
    ['nginx', '1.22'],
    ['nginx', '1.26'],
    ['nginx', '1.30'],
    ['haproxy', '2.2'],
    ['haproxy', '2.6'],
    ['haproxy', '3.0'],
    ['haproxy', '3.2'],
    ['apache2', '2.4'],
  ]
  for (const [program, version] of programs) {
    const needs = { server: findServer(program, version) }
    withServers(needs, `${program} ${version} prints its version`, async ({ server }) => {
      const { exitCode, output } = await run([server.command, '-v'], tempDir())
      expect(output).toContain(server.version)
      expect(server.version.startsWith(`${version}.`)).toBe(true)
      expect(exitCode).toBe(0)
    })
  }
})

describe.each(['1.18', '1.22', '1.26', '1.30'])('nginx %s', (version) => {
  const needs = { nginx: findServer('nginx', version) }

  withServers(needs, 'accepts a valid configuration', async ({ nginx }) => {
    const check = await checkNginx(nginx, { http: nginxConfig(await freePort()) })
    expect(check).toMatchObject({ exitCode: 0, warnings: [] })
  })

  withServers(needs, 'refuses an invalid configuration', async ({ nginx }) => {
    const check = await checkNginx(nginx, { http: 'upstream app { ip_hush; }' })
    expect(check.exitCode).toBe(1)
    expect(check.warnings).toEqual([expect.stringContaining('unknown directive "ip_hush"')])
  })

  withServers(needs, 'warns about a questionable configuration', async ({ nginx }) => {
    const http = 'server { server_name a; } server { server_name a; }'
    const check = await checkNginx(nginx, { http: `${http}` })
    expect(check.exitCode).toBe(0)
    expect(check.warnings).toEqual([expect.stringContaining('conflicting server name')])
  })

  withServers(needs, 'serves requests and ends when it is stopped', async ({ nginx }) => {
    const port = await freePort()
    const running = await startNginx(nginx, { http: nginxConfig(port) }, [port])
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 200,
      body: 'nginx here',
    })
    expect((await get(`http://127.0.0.1:${port}/app`)).status).toBe(502)
    expect(await running.stop()).toEqual({ exitCode: 0, signal: null })
    expect(await accepts(port)).toBe(false)
  })
})

describe.each(['2.2', '2.6', '3.0', '3.2'])('haproxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'accepts a valid configuration', async ({ haproxy }) => {
    const check = await checkHaproxy(haproxy, haproxyConfig(await freePort()))
    expect(check).toMatchObject({ exitCode: 0, warnings: [] })
  })

  withServers(needs, 'refuses an invalid configuration', async ({ haproxy }) => {
    const check = await checkHaproxy(haproxy, 'backend app\n  balence source\n')
    expect(check.exitCode).toBe(1)
    expect(check.warnings).toContainEqual(expect.stringContaining("unknown keyword 'balence'"))
  })

  withServers(needs, 'warns about a questionable configuration', async ({ haproxy }) => {
    const check = await checkHaproxy(haproxy, `listen app\n  bind 127.0.0.1:${await freePort()}\n`)
    expect(check.exitCode).toBe(0)
    expect(check.warnings).toContainEqual(expect.stringContaining('missing timeouts'))
  })

  withServers(needs, 'serves requests and ends when it is stopped', async ({ haproxy }) => {
    const port = await freePort()
    const running = await startHaproxy(haproxy, haproxyConfig(port), [port])
    expect((await get(`http://127.0.0.1:${port}/`)).body).toBe('haproxy here')
    await running.stop()
    expect(await accepts(port)).toBe(false)
  })
})

describe('apache2 2.4', () => {
  const needs = { apache: findServer('apache2', '2.4') }

  withServers(needs, 'accepts a valid configuration', async ({ apache }) => {
    const check = await checkApache(apache, apacheConfig(await freePort()))
    expect(check).toMatchObject({ exitCode: 0, warnings: [] })
  })

  withServers(needs, 'refuses an invalid configuration', async ({ apache }) => {
    const check = await checkApache(apache, 'Proxypas / http://app/')
    expect(check.exitCode).toBe(1)
    expect(check.warnings).toContainEqual(expect.stringContaining("Invalid command 'Proxypas'"))
  })

  withServers(needs, 'serves requests and ends when it is stopped', async ({ apache }) => {
    const port = await freePort()
    const running = await startApache(apache, apacheConfig(port), [port])
    expect((await get(`http://127.0.0.1:${port}/`)).status).toBe(503)
    expect(running.errorLog()).toContain('failed to make connection to backend: 127.0.0.1')
    await running.stop()
    expect(await accepts(port)).toBe(false)
  })
})

describe.each(['7.0', '8.5', '9', '10.1', '11'])('tomcat %s', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(
    needs,
    'starts with its own server.xml and counts requests in a session',
    async ({ tomcat }) => {
      const port = await freePort()
      const base = stageTomcat(tomcat, { serverXml: stockServerXml(tomcat, port, 'tomcat01') })
      const running = await startTomcat(base, [port])
      expect(running.warnings()).toEqual([])
      expect(running.output()).toContain(`Apache Tomcat/${tomcat.version}`)

      const url = `http://127.0.0.1:${port}/session.jsp`
      const cookies = new Map<string, string>()
      const firstSeen = await get(url, { cookies })
      expect(firstSeen.setCookies.map(({ name }) => name)).toEqual(['JSESSIONID'])
      expect(cookies.get('JSESSIONID')).toMatch(/^[0-9A-F]{32}\.tomcat01$/)
      expect(JSON.parse(firstSeen.body)).toEqual({
        session: cookies.get('JSESSIONID'),
        count: 1,
        isNew: true,
        route: 'tomcat01',
        link: `session.jsp;jsessionid=${cookies.get('JSESSIONID')}`,
        remoteAddr: '127.0.0.1',
        scheme: 'http',
        secure: false,
        url,
      })
      // Not that it is no longer new: Tomcat notes this after the answer, and may be slower than we.
      const again = await get(url, { cookies })
      expect(JSON.parse(again.body)).toMatchObject({ count: 2, link: 'session.jsp' })
      expect(again.setCookies).toEqual([])
      const byUrl = await get(`${url};jsessionid=${cookies.get('JSESSIONID')}`)
      expect(JSON.parse(byUrl.body)).toMatchObject({ count: 3 })
      const stranger = await get(`${url}?create=false`)
      expect(JSON.parse(stranger.body)).toMatchObject({ session: null, count: 0 })
      expect(stranger.setCookies).toEqual([])

      await running.stop()
      expect(await accepts(port)).toBe(false)
    },
  )

  withServers(needs, 'warns of a misspelt attribute', async ({ tomcat }) => {
    const port = await freePort()
    const stock = stockServerXml(tomcat, port, 'tomcat01')
    const serverXml = stock.replace('jvmRoute="tomcat01"', 'jvmRuote="tomcat01"')
    const running = await startTomcat(stageTomcat(tomcat, { serverXml }), [port])
    expect(running.warnings()).toEqual([expect.stringContaining('jvmRuote')])
  })
})
