import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { expect } from 'vitest'
import { compileText } from '../support/compile.ts'
import { startApache } from './support/apache.ts'
import { makeCertificate, placeCertificate } from './support/certificate.ts'
import { atEnd } from './support/cleanup.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { httpdConfig } from './support/httpd-config.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** A server that asks for a certificate and says which name was requested, and whether one was shown. */
const startTls = async () => {
  const dir = tempDir()
  const pem = join(dir, 'both.pem')
  const other = join(dir, 'other.pem')
  placeCertificate(await makeCertificate(['DNS:app.internal']), { certificate: pem, key: pem })
  placeCertificate(await makeCertificate(['DNS:app.internal']), { certificate: other, key: other })
  const server = createServer(
    {
      cert: readFileSync(pem),
      key: readFileSync(pem),
      ca: readFileSync(pem),
      requestCert: true,
      rejectUnauthorized: false,
    },
    ({ socket }, response) => {
      const { authorized, servername } = socket as unknown as Record<string, unknown>
      response.end(JSON.stringify({ authorized, servername }))
    },
  )
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  atEnd({ cleanUp: close, abandon: close })
  return { port, pem, other }
}

type Tls = Awaited<ReturnType<typeof startTls>>

/** One frontend for each kind of `tls`. */
const specOf = (target: string, ports: readonly number[], { port, pem, other }: Tls): string => {
  const kinds = {
    right: `{ ca: ${pem}, serverName: app.internal, certificate: ${pem} }`,
    authority: `{ ca: ${other}, serverName: app.internal }`,
    name: `{ ca: ${pem}, serverName: other.internal }`,
    unverified: '{ verify: false }',
  }
  const names = Object.keys(kinds)
  const frontends = names.map(
    (name, at) =>
      `  ${name}: { listen: ["127.0.0.1:${ports[at]}"], locations: [{ match: /, upstream: ${name} }] }\n`,
  )
  const upstreams = Object.entries(kinds).map(
    ([name, tls]) =>
      `  ${name}: { protocol: https, tls: ${tls}, servers: { app1: { address: "127.0.0.1:${port}", maxFails: 0 } } }\n`,
  )
  return `version: 1\nname: test\ntargets: { ${target} }\nfrontends:\n${frontends.join('')}upstreams:\n${upstreams.join('')}`
}

const compiled = (spec: string) => {
  const { artifacts, diagnostics } = compileText(spec)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return artifacts
}

const answersOf = (ports: readonly number[]) =>
  Promise.all(
    ports.map(async (port) => {
      const { status, body } = await get(`http://127.0.0.1:${port}/`, { timeout: 30_000 })
      return status === 200 ? (JSON.parse(body) as unknown) : 'refused'
    }),
  )

const freePorts = () => Promise.all([freePort(), freePort(), freePort(), freePort()])

withServers(
  {
    nginx: findServer('nginx', '1.22'),
    haproxy: findServer('haproxy', '3.0'),
    httpd: findServer('apache2', '2.4'),
  },
  'nginx, HAProxy and httpd verify servers and show their own certificate',
  async ({ nginx, haproxy, httpd }) => {
    const tls = await startTls()
    const ofNginx = await freePorts()
    const ofHaproxy = await freePorts()
    const ofHttpd = await freePorts()
    const one = compiled(specOf(`nginx: { version: "${nginx.version}" }`, ofNginx, tls))
    const site = one.find(({ path }) => path.endsWith('.conf'))?.text ?? ''
    await startNginx(nginx, { http: site }, ofNginx)
    const two = compiled(specOf('haproxy: { version: "3.0" }', ofHaproxy, tls))
    await startHaproxy(haproxy, two[0]?.text ?? '', ofHaproxy)
    const { text, modules } = httpdConfig(
      compiled(specOf(`httpd: { version: "${httpd.version}" }`, ofHttpd, tls)),
    )
    await startApache(httpd, text, ofHttpd, modules)

    const right = { authorized: true, servername: 'app.internal' }
    for (const ports of [ofNginx, ofHaproxy]) {
      const answers = await answersOf(ports)
      expect(answers.slice(0, 3)).toEqual([right, 'refused', 'refused'])
      expect(answers[3]).toMatchObject({ authorized: false })
    }
    // httpd verifies the authority, and sends the name that the client requested.
    const answers = await answersOf(ofHttpd)
    expect(answers[0]).toMatchObject({ authorized: true })
    expect(answers[1]).toBe('refused')
    expect(answers[3]).toMatchObject({ authorized: false })
  },
)
