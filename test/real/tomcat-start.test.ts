import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { specOf, write } from '../unit/tomcat/support.ts'
import { fixture } from '../unit/tomcat/xml/support.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { findTomcat, type Tomcat, withServers } from './support/servers.ts'
import { stageTomcat, startTomcat, type TomcatBase } from './support/tomcat.ts'

const versions = ['7.0', '8.5', '9', '10.1', '11'] as const

interface Wanted {
  /** Appended to the version in `app`. */
  readonly app?: string
  readonly listen?: string
  readonly inputs?: ReadonlyMap<string, Uint8Array>
  /** The host in the address of the server, such as a public address; default: loopback. */
  readonly host?: string
}

interface Staged {
  readonly base: TomcatBase
  readonly port: number
  readonly url: string
  readonly codes: readonly string[]
}

/** A CATALINA_BASE with the files that sessctl writes for one server. */
const stage = async (tomcat: Tomcat, wanted: Wanted = {}): Promise<Staged> => {
  const [port = 0, shutdownPort = 0, ajpPort = 0] = await freePorts(3)
  const { app = '', host = '127.0.0.1', inputs, ...parts } = wanted
  const ports = `shutdownPort: ${shutdownPort}, ajpPort: ${ajpPort}`
  const spec = specOf({
    ...parts,
    servers: `{ tomcat01: { address: "${host}:${port}", tomcat: { ${ports} } } }`,
    app: `version: "${tomcat.version}"${app}`,
  })
  const written = write(spec, inputs)
  const serverXml = written.bytes.get('tomcat01/conf/server.xml')
  if (serverXml === undefined) throw new Error(written.said.join('\n'))
  const base = stageTomcat(tomcat, { serverXml })
  for (const [path, bytes] of written.bytes) {
    const file = join(base.dir, path.replace(/^tomcat01\//, ''))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  const url = `http://127.0.0.1:${port}/session.jsp`
  return { base, port, url, codes: written.codes }
}

/** The headers that the balancer sends. */
const forwarded = (proto: string, client: string, host = 'shop.example.com', port = '80') => ({
  headers: {
    Host: host,
    'X-Forwarded-Proto': proto,
    'X-Forwarded-For': client,
    'X-Forwarded-Port': port,
  },
})

describe.each(versions)('Tomcat %s starts with the generated files', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(
    needs,
    'sends the cookie of the spec, and uses the client address and scheme of the balancer',
    async ({ tomcat }) => {
      const sameSite = version === '7.0' ? '' : ', sameSite: strict'
      const app = `, cookie: { name: SHOPID, path: /, httpOnly: true${sameSite} }`
      const { base, port, url } = await stage(tomcat, { app })
      const running = await startTomcat(base, [port])
      expect(running.warnings()).toEqual([])
      expect(running.lines().filter((line) => /\bWARNING\b/.test(line))).toEqual([])

      const plain = await get(url, forwarded('http', '192.0.2.1'))
      const [cookie] = plain.setCookies
      expect(cookie?.name).toBe('SHOPID')
      expect(cookie?.value).toMatch(/^[0-9A-F]{32}\.tomcat01$/)
      expect(cookie?.attributes.get('path')).toBe('/')
      expect(cookie?.attributes.has('httponly')).toBe(true)
      expect(cookie?.attributes.has('secure')).toBe(false)
      expect(cookie?.attributes.get('samesite')).toBe(version === '7.0' ? undefined : 'Strict')
      expect(JSON.parse(plain.body)).toMatchObject({
        route: 'tomcat01',
        scheme: 'http',
        secure: false,
        remoteAddr: '192.0.2.1',
        link: expect.stringMatching(/^session\.jsp;SHOPID=[0-9A-F]{32}\.tomcat01$/),
      })

      expect(JSON.parse(plain.body)).toMatchObject({ url: 'http://shop.example.com/session.jsp' })

      // The address of a client in the private network of the balancer is used too.
      const secure = await get(url, forwarded('https', '10.1.2.3', 'shop.example.com:8443', '8443'))
      expect(secure.setCookies[0]?.attributes.has('secure')).toBe(true)
      expect(JSON.parse(secure.body)).toMatchObject({
        scheme: 'https',
        secure: true,
        remoteAddr: '10.1.2.3',
        url: 'https://shop.example.com:8443/session.jsp',
      })
      await running.stop()
    },
  )

  withServers(needs, 'trusts a balancer with a public address', async ({ tomcat }) => {
    const [other = 0] = await freePorts(1)
    const listen = `["203.0.113.5:${other}"]`
    const { base, port, url, codes } = await stage(tomcat, { host: '203.0.113.9', listen })
    expect(codes).toContain('tomcat-proxy-trusted')
    const running = await startTomcat(base, [port])
    expect(running.warnings()).toEqual([])
    const seen = await get(url, forwarded('https', '192.0.2.1, 203.0.113.5, 10.0.0.1'))
    expect(JSON.parse(seen.body)).toMatchObject({ secure: true, remoteAddr: '192.0.2.1' })
    await running.stop()
  })

  withServers(needs, 'keeps its sessions across a clean restart', async ({ tomcat }) => {
    const app = ', context: /'
    const { base, port, url } = await stage(tomcat, { app })
    const cookies = new Map<string, string>()
    const before = await startTomcat(base, [port])
    await get(url, { cookies })
    await before.stop()
    const after = await startTomcat(base, [port])
    expect(after.warnings()).toEqual([])
    expect(JSON.parse((await get(url, { cookies })).body)).toMatchObject({ count: 2 })
    await after.stop()
  })

  withServers(needs, 'starts with an existing server.xml that is edited', async ({ tomcat }) => {
    const inputs = new Map([['server-plain.xml', fixture('server-plain.xml')]])
    const { base, port, url } = await stage(tomcat, {
      app: ', tomcat: { base: server-plain.xml }',
      inputs,
    })
    const running = await startTomcat(base, [port])
    expect(running.warnings()).toEqual([])
    const seen = await get(url, forwarded('https', '192.0.2.1'))
    expect(seen.setCookies[0]?.value).toMatch(/\.tomcat01$/)
    expect(JSON.parse(seen.body)).toMatchObject({ secure: true, remoteAddr: '192.0.2.1' })
    await running.stop()
  })
})

describe.each(['10.1', '11'])('Tomcat %s', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(
    needs,
    'loses its sessions at a restart without the generated Manager',
    async ({ tomcat }) => {
      const { base, port, url } = await stage(tomcat)
      writeFileSync(join(base.dir, 'conf/context.xml'), '<Context/>')
      const cookies = new Map<string, string>()
      const before = await startTomcat(base, [port])
      await get(url, { cookies })
      await before.stop()
      const after = await startTomcat(base, [port])
      expect(JSON.parse((await get(url, { cookies })).body)).toMatchObject({
        count: 1,
        isNew: true,
      })
      await after.stop()
    },
  )
})

describe('Tomcat 9 starts with an edited server.xml', () => {
  const needs = { tomcat: findTomcat('9') }
  const files = [
    'server-crlf.xml',
    'server-single-quotes.xml',
    'server-doctype.xml',
    'server-ascii.xml',
    'server-latin1.xml',
    'server-windows-1252.xml',
    'server-utf8-bom.xml',
    'server-utf16le.xml',
    'server-utf16be-no-bom.xml',
  ]
  for (const name of files) {
    withServers(needs, name, async ({ tomcat }) => {
      const inputs = new Map([[name, fixture(name)]])
      const { base, port, url } = await stage(tomcat, {
        app: `, tomcat: { base: ${name} }`,
        inputs,
      })
      writeFileSync(join(base.dir, 'conf/hosts.xml'), '<Host name="other" appBase="other"/>')
      mkdirSync(join(base.dir, 'other'))
      const running = await startTomcat(base, [port])
      expect(running.warnings()).toEqual([])
      const seen = await get(url, forwarded('https', '192.0.2.1'))
      expect(seen.setCookies[0]?.value).toMatch(/\.tomcat01$/)
      expect(JSON.parse(seen.body)).toMatchObject({ secure: true, remoteAddr: '192.0.2.1' })
      await running.stop()
    })
  }
})

describe('Tomcat 9 behaves as the diagnostics say', () => {
  const needs = { tomcat: findTomcat('9') }
  const context = (attributes: string) => `<Context ${attributes}/>`

  for (const attributes of [
    'sessionCookieDomain=".example.com"',
    'sessionCookiePath="/k&#228;se"',
  ]) {
    withServers(needs, `no session can be created with ${attributes}`, async ({ tomcat }) => {
      const { base, port, url } = await stage(tomcat)
      writeFileSync(join(base.dir, 'conf/context.xml'), context(attributes))
      const running = await startTomcat(base, [port])
      expect((await get(url)).status).toBe(500)
      await running.stop()
    })
  }

  /** Replaces a text in the generated server.xml. */
  const changed = (base: TomcatBase, from: string, to: string): void => {
    const file = join(base.dir, 'conf/server.xml')
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(from)
    writeFileSync(file, text.replace(from, to))
  }

  withServers(needs, 'a CIDR network in internalProxies matches no address', async ({ tomcat }) => {
    const { base, port, url } = await stage(tomcat)
    changed(base, ' protocolHeader=', ' internalProxies="127.0.0.0/8" protocolHeader=')
    const running = await startTomcat(base, [port])
    const seen = await get(url, forwarded('https', '192.0.2.1'))
    expect(JSON.parse(seen.body)).toMatchObject({ secure: false, remoteAddr: '127.0.0.1' })
    await running.stop()
  })

  withServers(
    needs,
    'Tomcat does not start with the JasperListener of Tomcat 7',
    async ({ tomcat }) => {
      const { base, port } = await stage(tomcat)
      changed(base, 'core.AprLifecycleListener', 'core.JasperListener')
      await expect(startTomcat(base, [port])).rejects.toThrow('JasperListener')
    },
  )

  withServers(needs, 'Tomcat exits if its shutdown port is in use', async ({ tomcat }) => {
    const [first, second] = [await stage(tomcat), await stage(tomcat)]
    const portOf = ({ base }: Staged) =>
      /<Server port="(\d+)"/.exec(readFileSync(join(base.dir, 'conf/server.xml'), 'utf8'))?.[1]
    changed(second.base, `<Server port="${portOf(second)}"`, `<Server port="${portOf(first)}"`)
    const running = await startTomcat(first.base, [first.port, Number(portOf(first))])
    const late = startTomcat(second.base, []).then(({ exit }) => exit)
    await expect(late).resolves.toMatchObject({ signal: null })
    await running.stop()
  })
})

describe('Tomcat 7 behaves as the diagnostics say', () => {
  withServers({ tomcat: findTomcat('7.0') }, 'it does not support SameSite', async ({ tomcat }) => {
    const { base, port, url } = await stage(tomcat)
    const element = '<Context><CookieProcessor sameSiteCookies="lax"/></Context>'
    writeFileSync(join(base.dir, 'conf/context.xml'), element)
    const running = await startTomcat(base, [port])
    expect(running.warnings()).not.toEqual([])
    expect((await get(url)).setCookies[0]?.attributes.has('samesite')).toBe(false)
    await running.stop()
  })
})
