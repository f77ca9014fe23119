import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect } from 'vitest'
import { type Backend, type Seen, seenBy, startBackend } from './support/backend.ts'
import { makeCertificate, placeCertificate } from './support/certificate.ts'
import { freePort, freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { jsonOf, rawRequest, statusOf } from './support/raw-http.ts'
import { type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const upstream = ({ name, port }: Backend): string =>
  `  ${name}: { servers: { ${name}: "127.0.0.1:${port}" } }\n`

/** All that frameworks read of where a request comes from. */
const told = ({ headers }: Seen): Readonly<Record<string, unknown>> => {
  const names = Object.keys(headers).filter((name) => /^(x-|forwarded|cf-)/.test(name))
  return Object.fromEntries(names.sort().map((name) => [name, headers[name]]))
}

/** Headers by which a client may pretend to be another client. */
const lies = {
  'X-Forwarded-For': '10.0.0.1, 192.168.0.1',
  'X-Real-IP': '10.0.0.1',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '1',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Prefix': '/evil',
  Forwarded: 'for=10.0.0.1;host=evil.example;proto=https',
}

const peer = (address: string, scheme = 'http', port = '80') => ({
  'x-forwarded-for': address,
  'x-forwarded-port': port,
  'x-forwarded-proto': scheme,
  'x-real-ip': address,
})

/** A proxy in front of one backend, for all hosts. */
const startOne = async (
  proxy: RealProxy,
  server: Server,
  clientAddress: string,
): Promise<number> => {
  const app = await startBackend('app')
  const port = await freePort()
  const web = `    listen: ["127.0.0.1:${port}"]\n${clientAddress}    locations: [{ match: /, upstream: app }]\n`
  const rest = `frontends:\n  web:\n${web}upstreams:\n${upstream(app)}`
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  return port
}

const titled = allProxies.map((proxy) => [proxy.title, proxy] as const)

describe.each(titled)('%s', (_title, proxy) => {
  const needs = { server: proxy.server }

  withServers(
    needs,
    'sets forwarding headers and discards those of the client',
    async ({ server }) => {
      const port = await startOne(proxy, server, '')
      const ask = async (headers: Readonly<Record<string, string>>, from = '127.0.0.1') =>
        told(seenBy(await get(`http://127.0.0.1:${port}/`, { headers, from })))
      const Host = 'shop.example.com'
      expect(await ask({ Host })).toEqual(peer('127.0.0.1'))
      expect(await ask({ Host, ...lies })).toEqual(peer('127.0.0.1'))
      expect(await ask({ ...lies, Host: '[::1]:8443' }, '127.0.0.2')).toEqual(
        peer('127.0.0.2', 'http', '8443'),
      )
    },
  )

  withServers(needs, 'accepts forwarding headers from trusted proxies only', async ({ server }) => {
    const trust = '    clientAddress: { trust: [127.0.0.2, 10.1.2.3/8, "fd00::/8"] }\n'
    const port = await startOne(proxy, server, trust)
    const ask = async (from: string, headers: Readonly<Record<string, string>>) => {
      const sent = { Host: 'shop.example.com', ...headers }
      return told(seenBy(await get(`http://127.0.0.1:${port}/`, { headers: sent, from })))
    }
    expect(await ask('127.0.0.1', lies)).toEqual(peer('127.0.0.1'))
    expect(await ask('127.0.0.2', {})).toEqual(peer('127.0.0.2'))
    // The nearest that is not trusted is the client, and the only address that the application receives.
    const chain = { ...lies, 'X-Forwarded-For': '192.168.0.1, 192.0.2.7, 10.9.9.9' }
    expect(await ask('127.0.0.2', chain)).toEqual(peer('192.0.2.7', 'https', '443'))
    const asked = { ...chain, Host: 'shop.example.com:8443' }
    expect(await ask('127.0.0.2', asked)).toEqual(peer('192.0.2.7', 'https', '8443'))
    const schemes = { http: 'http', HTTPS: 'https', 'https, http': 'http', ws: 'http', '': 'http' }
    for (const [proto, scheme] of Object.entries(schemes)) {
      const seen = await ask('127.0.0.2', { 'X-Forwarded-Proto': proto })
      expect([proto, seen['x-forwarded-proto']]).toEqual([proto, scheme])
    }
  })

  withServers(needs, 'reads the client address from the header of a CDN', async ({ server }) => {
    const cdn = '    clientAddress: { trust: [127.0.0.2], header: CF-Connecting-IP }\n'
    const port = await startOne(proxy, server, cdn)
    const headers = { Host: 'shop.example.com', 'CF-Connecting-IP': '192.0.2.9', ...lies }
    const ask = async (from: string) =>
      told(seenBy(await get(`http://127.0.0.1:${port}/`, { headers, from })))
    expect(await ask('127.0.0.2')).toEqual({
      ...peer('192.0.2.9', 'https', '443'),
      'cf-connecting-ip': '192.0.2.9',
    })
    expect(await ask('127.0.0.1')).toEqual({
      ...peer('127.0.0.1'),
      'cf-connecting-ip': '127.0.0.1',
    })
  })

  withServers(needs, 'forwards the host as the client sent it', async ({ server }) => {
    const port = await startOne(proxy, server, '')
    const hostOf = async (lines: readonly string[]) => {
      const answer = await rawRequest(port, [...lines, 'Connection: close'])
      return statusOf(answer) === 200 ? (jsonOf(answer) as Seen).headers.host : statusOf(answer)
    }
    const one = (host: string) => hostOf(['GET / HTTP/1.1', `Host: ${host}`])
    expect(await one('shop.example.com')).toBe('shop.example.com')
    expect(await one(`localhost:${port}`)).toBe(`localhost:${port}`)
    expect(await one('[::1]:8443')).toBe('[::1]:8443')
    expect(await one('my_shop:80')).toBe('my_shop:80')
    const whole = ['GET http://shop.example.com:81/ HTTP/1.1', 'Host: shop.example.com:81']
    expect(await hostOf(whole)).toBe('shop.example.com:81')
    // Two hosts in one request: the one that the proxy chose by, or none.
    const two = await hostOf(['GET http://shop.example.com/ HTTP/1.1', 'Host: evil.example'])
    expect(['shop.example.com', 400]).toContain(two)
    const nobody = await hostOf(['GET / HTTP/1.0'])
    expect(['web.invalid', undefined]).toContain(nobody)
  })

  withServers(needs, 'serves the configured host names only', async ({ server }) => {
    const [admin, shop] = await Promise.all([startBackend('admin'), startBackend('shop')])
    const [port = 0, alone = 0] = await freePorts(2)
    const rest = `frontends:
  admin:
    listen: ["127.0.0.1:${port}"]
    serverNames: [admin.example.com]
    locations: [{ match: /, upstream: admin }]
  shop:
    listen: ["127.0.0.1:${port}", "127.0.0.1:${alone}"]
    serverNames: [.example.com, "shop.*"]
    locations: [{ match: /, upstream: shop }]
upstreams:\n${upstream(admin)}${upstream(shop)}`
    await proxy.start(server, artifactsFor(proxy, server, rest), [port, alone])
    const answer = async (to: number, lines: readonly string[]) => {
      const text = await rawRequest(to, [...lines, 'Connection: close'])
      return statusOf(text) === 200 ? (jsonOf(text) as Seen).name : statusOf(text)
    }
    const ask = (to: number, host: string) => answer(to, ['GET / HTTP/1.1', `Host: ${host}`])
    const both: Record<string, unknown> = {}
    for (const host of [
      'admin.example.com',
      'example.com:8080',
      'WWW.example.com',
      'shop.example.org.',
      'evil.example',
      `127.0.0.1:${port}`,
      'localhost',
      'web.invalid',
    ])
      both[host] = [await ask(port, host), await ask(alone, host)]
    expect(both).toEqual({
      'admin.example.com': ['admin', 'shop'],
      'example.com:8080': ['shop', 'shop'],
      'WWW.example.com': ['shop', 'shop'],
      'shop.example.org.': ['shop', 'shop'],
      'evil.example': [421, 421],
      [`127.0.0.1:${port}`]: [421, 421],
      localhost: [421, 421],
      'web.invalid': [421, 421],
    })
    expect(await answer(port, ['GET / HTTP/1.0'])).toBe(421)
    expect(await answer(alone, ['GET / HTTP/1.0'])).toBe(421)
  })
})

interface Files {
  readonly certificate: string
  readonly key: string
}

/**
 * A configuration of the host that enables every protocol. With a listener of
 * its own, to prove that the client supports them.
 */
const laxHost: Readonly<Record<string, (port: number, files: Files) => string>> = {
  nginx: (port, { certificate, key }) => `
ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
ssl_ciphers ALL:@SECLEVEL=0;
server { listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; return 200; }`,
  HAProxy: (port, { certificate }) => `
global
  ssl-default-bind-options ssl-min-ver TLSv1.0
  ssl-default-bind-ciphers ALL:@SECLEVEL=0
defaults
  mode http
  timeout client 9s
frontend control
  bind 127.0.0.1:${port} ssl crt ${certificate}
  http-request deny deny_status 200`,
  httpd: (port, { certificate, key }) => `
SSLProtocol all
SSLCipherSuite ALL:@SECLEVEL=0
Listen 127.0.0.1:${port} https
<VirtualHost 127.0.0.1:${port}>
  ServerName control.invalid
  SSLEngine on
  SSLCertificateFile ${certificate}
  SSLCertificateKeyFile ${key}
</VirtualHost>`,
}

type Protocol = 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** The status of `GET /` in this protocol only; null if the server does not support it. */
const overTls = (
  port: number,
  protocol: Protocol,
  host: string,
  servername = '',
): Promise<number | null> =>
  new Promise((resolve) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      ...(servername === '' ? {} : { servername }),
      minVersion: protocol,
      maxVersion: protocol,
      ciphers: 'ALL:@SECLEVEL=0',
      rejectUnauthorized: false,
    })
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text
    })
    socket.once('error', () => resolve(null))
    socket.once('end', () => resolve(statusOf(answer)))
    socket.once('secureConnect', () =>
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    )
  })

describe.each(titled)('%s with TLS', (title, proxy) => {
  withServers(
    { server: proxy.server },
    'refuses TLS below 1.2, even if the host allows it',
    async ({ server }) => {
      const app = await startBackend('app')
      const [port = 0, control = 0] = await freePorts(2)
      const dir = tempDir()
      const together = title.startsWith('HAProxy')
      const certificate = join(dir, 'shop.pem')
      const files = { certificate, key: together ? certificate : join(dir, 'shop.key') }
      placeCertificate(await makeCertificate(), files)
      const rest = `frontends:
  web:
    listen: [{ address: "127.0.0.1:${port}", tls: { certificate: ${files.certificate}, key: ${files.key} } }]
    serverNames: [shop.example.com]
    locations: [{ match: /, upstream: app }]
upstreams:\n${upstream(app)}`
      const host = laxHost[title.split(' ')[0] ?? '']?.(control, files)
      await proxy.start(server, artifactsFor(proxy, server, rest), [port, control], host)
      const shop = 'shop.example.com'
      expect(await overTls(control, 'TLSv1.1', 'localhost')).not.toBe(null)
      expect(await overTls(port, 'TLSv1.1', shop, shop)).toBe(null)
      expect(await overTls(port, 'TLSv1.2', shop, shop)).toBe(200)
      expect(await overTls(port, 'TLSv1.3', shop, shop)).toBe(200)
      // The Host header decides: a client without SNI is served, and a foreign host name is not.
      expect(await overTls(port, 'TLSv1.2', shop)).toBe(200)
      expect(await overTls(port, 'TLSv1.2', 'evil.example', 'evil.example')).toBe(421)
    },
  )
})
