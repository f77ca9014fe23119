import { connect as connectHttp2 } from 'node:http2'
import { setTimeout } from 'node:timers/promises'
import { connect } from 'node:tls'
import { beforeAll, describe, expect } from 'vitest'
import { type Backend, type Seen, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { getSecure, type SecureAnswer } from './support/https.ts'
import { type IssuedCertificate, type Issuer, makeIssuer } from './support/issuer.ts'
import { allProxies, artifactsFor, httpd } from './support/proxies.ts'
import { withServers } from './support/servers.ts'
import { startRecorder } from './support/tls-records.ts'

const forServers = (name: string) => [`subjectAltName=DNS:${name}`, 'basicConstraints=CA:FALSE']

let ours: Issuer
let app: Backend
const servers: Record<string, string> = {}
let alice: IssuedCertificate
let mallory: IssuedCertificate

beforeAll(async () => {
  app = await startBackend('app')
  const theirs = await makeIssuer('/O=Theirs/CN=Other CA')
  ours = await makeIssuer('/O=Ours/CN=Our CA')
  for (const name of ['shop', 'admin', 'api']) {
    const host = `${name}.example.com`
    servers[name] = (await ours.issue(name, `/CN=${host}`, forServers(host))).file
  }
  const noServer = ['basicConstraints=CA:FALSE']
  alice = await ours.issue('alice', '/C=DE/O=Shop "A", Inc/CN=alice', noServer)
  mallory = await theirs.issue('mallory', '/C=DE/O=Shop "A", Inc/CN=alice', noServer)
}, 30_000)

const variables = ['version', 'cipher', 'serverName', 'client.verify', 'client.subject']
const headers = variables.map((name) => `X-T-${name.replace('.', '-')}: "{tls.${name}}"`).join(', ')

const listen = (name: string, port: number): string =>
  `listen: [{ address: "127.0.0.1:${port}", tls: { certificate: ${servers[name]}, key: ${servers[name]} } }]`

const specOf = (shared: number, recent: number): string => `
frontends:
  shop:
    ${listen('shop', shared)}
    serverNames: [shop.example.com]
    default: true
    http2: true
    tls: { sessionCache: 1m, sessionTimeout: 2s, recordSize: 1400 }
    headers: { X-T-version: "{tls.version}", X-T-cipher: "{tls.cipher}", X-T-port: "{server.port}" }
    locations: [{ match: /, upstream: app }]
  admin:
    ${listen('admin', shared)}
    serverNames: [admin.example.com]
    http2: true
    tls: { sessionCache: 1m, sessionTimeout: 2s, recordSize: 1400, clientCertificate: { verify: required, ca: ${ours.file} } }
    headers: { ${headers} }
    locations: [{ match: /, upstream: app }]
  api:
    ${listen('api', recent)}
    serverNames: [api.example.com]
    http2: false
    tls: { minVersion: TLSv1.3, clientCertificate: { verify: optional, ca: ${ours.file} } }
    headers: { ${headers} }
    locations: [{ match: /, upstream: app }]
upstreams: { app: { servers: { app: "127.0.0.1:${app.port}" } } }
`

const seen = (answer: SecureAnswer | null) =>
  answer?.status === 200 ? (JSON.parse(answer.body) as Seen).headers : null

/** The protocol that the server chooses. */
const protocolOf = (port: number, servername: string) =>
  new Promise<string | false | null>((resolve) => {
    const ALPNProtocols = ['h2', 'http/1.1']
    const options = {
      port,
      host: '127.0.0.1',
      servername,
      ALPNProtocols,
      rejectUnauthorized: false,
    }
    const socket = connect(options, () => {
      resolve(socket.alpnProtocol)
      socket.destroy()
    })
    socket.once('error', () => resolve(null))
  })

/** The body of a GET with HTTP/2. */
const getHttp2 = (port: number, host: string) =>
  new Promise<Seen>((resolve, reject) => {
    const options = { servername: host, rejectUnauthorized: false }
    const session = connectHttp2(`https://127.0.0.1:${port}`, options)
    session.once('error', reject)
    let body = ''
    const stream = session.request({ ':path': '/two', ':authority': host })
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      body += text
    })
    stream.once('end', () => {
      session.close()
      resolve(JSON.parse(body) as Seen)
    })
    stream.end()
  })

/** One release of each: waiting takes time. */
const waits = ['nginx 1.30', 'HAProxy 3.0', httpd.title]

describe('TLS is the same in every proxy', () => {
  for (const proxy of allProxies) {
    withServers({ server: proxy.server }, proxy.title, async ({ server }) => {
      const [shared, recent] = [await freePort(), await freePort()]
      const artifacts = artifactsFor(proxy, server, specOf(shared, recent))
      await proxy.start(server, artifacts, [shared, recent])
      const shop = { serverName: 'shop.example.com' }
      const admin = { serverName: 'admin.example.com' }
      const api = { serverName: 'api.example.com' }

      // HTTP/2 where the spec wants it.
      expect(await protocolOf(shared, 'shop.example.com')).toBe('h2')
      expect(await protocolOf(recent, 'api.example.com')).not.toBe('h2')
      const { url, headers: overHttp2 } = await getHttp2(shared, 'shop.example.com')
      expect([url, overHttp2.host]).toEqual(['/two', 'shop.example.com'])

      // Versions and cipher suites.
      const old = { maxVersion: 'TLSv1.2' } as const
      expect(await getSecure(shared, { ...shop, ...old })).toMatchObject({ version: 'TLSv1.2' })
      const weak = { ...old, ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384' }
      expect(await getSecure(shared, { ...shop, ...weak })).toBeNull()
      const older = { maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
      expect(await getSecure(shared, { ...shop, ...older })).toBeNull()
      expect(await getSecure(recent, { ...api, ...old })).toBeNull()
      expect(
        seen(
          await getSecure(shared, { ...shop, ...old, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }),
        ),
      ).toMatchObject({
        'x-t-version': 'TLSv1.2',
        'x-t-cipher': 'ECDHE-ECDSA-AES256-GCM-SHA384',
        'x-t-port': String(shared),
      })

      // Certificates by name, and unknown names.
      const names = [shop, { ...admin, client: alice }, { serverName: 'other.example.com' }]
      const certificates = names.map(async (each) => (await getSecure(shared, each))?.certificate)
      expect(await Promise.all(certificates)).toEqual([
        'shop.example.com',
        'admin.example.com',
        'shop.example.com',
      ])
      const unknown = { serverName: 'other.example.com' }
      expect(seen(await getSecure(shared, unknown))?.host).toBe('other.example.com')
      expect(await getSecure(recent, unknown)).toMatchObject({ status: 421 })

      // Client certificates.
      const ofAlice = {
        'x-client-verify': 'SUCCESS',
        'x-client-subject': 'CN=alice,O=Shop \\"A\\"\\, Inc,C=DE',
        'x-client-issuer': 'CN=Our CA,O=Ours',
        'x-client-serial': expect.stringMatching(/^[0-9A-F]{40}$/),
        'x-t-client-verify': 'SUCCESS',
        'x-t-client-subject': 'CN=alice,O=Shop \\"A\\"\\, Inc,C=DE',
        'x-t-servername': 'admin.example.com',
        'x-t-version': 'TLSv1.3',
      }
      const forged = { 'X-Client-Verify': 'SUCCESS', 'X-Client-Subject': 'CN=root' }
      const withAlice = await getSecure(shared, { ...admin, client: alice, headers: forged })
      expect(seen(withAlice)).toMatchObject(ofAlice)
      expect(seen(await getSecure(shared, admin))).toBeNull()
      expect(seen(await getSecure(shared, { ...admin, client: mallory }))).toBeNull()
      // The host of another frontend than the name in the handshake.
      const mixed = { ...shop, host: 'admin.example.com' }
      expect(seen(await getSecure(shared, mixed))).toBeNull()
      const other = seen(await getSecure(shared, { ...shop, headers: forged }))
      expect([other?.host, other?.['x-client-verify'], other?.['x-client-subject']]).toEqual([
        'shop.example.com',
        undefined,
        undefined,
      ])
      const without = seen(await getSecure(recent, { ...api, headers: forged }))
      expect([without?.['x-client-verify'], without?.['x-client-subject']]).toEqual([
        'NONE',
        undefined,
      ])
      expect(seen(await getSecure(recent, { ...api, client: alice }))).toMatchObject({
        ...ofAlice,
        'x-t-servername': 'api.example.com',
      })
      expect(seen(await getSecure(recent, { ...api, client: mallory }))).toBeNull()

      // A resumed session has the certificate of the first connection.
      const first = await getSecure(shared, { ...admin, ...old, client: alice })
      const again = await getSecure(shared, { ...admin, ...old, session: first?.session })
      expect(again).toMatchObject({ status: 200, isResumed: true })
      expect(seen(again)).toMatchObject({ ...ofAlice, 'x-t-version': 'TLSv1.2' })

      // Records of at most 1400 bytes, and what encryption adds; httpd reports that it has no such setting.
      const recorder = await startRecorder(shared)
      const long = { ...shop, ...old, headers: { 'X-Long': 'a'.repeat(6000) } }
      expect(seen(await getSecure(recorder.port, long))).not.toBeNull()
      const [least, most] = proxy === httpd ? [6000, 16_384] : [1400, 1440]
      expect(Math.max(...recorder.sizes())).toBeGreaterThan(least)
      expect(Math.max(...recorder.sizes())).toBeLessThan(most)

      // After 2 s the session can no longer be resumed.
      if (!waits.includes(proxy.title)) return
      await setTimeout(3100)
      const later = await getSecure(shared, {
        ...admin,
        ...old,
        client: alice,
        session: again?.session ?? first?.session,
      })
      expect(later).toMatchObject({ status: 200, isResumed: false })
    })
  }
})
