import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startBackend } from './support/backend.ts'
import { freePorts } from './support/free-port.ts'
import { makeIssuer } from './support/issuer.ts'
import { run, startServer } from './support/process.ts'
import { artifactsFor, httpd, nginxOf } from './support/proxies.ts'
import { withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** What openssl says of the response that is stapled to the certificate. */
const stapled = async (port: number): Promise<string> => {
  const asked = ['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-status'] as const
  return (await run(asked, tempDir())).output
}

/** An issuer with a responder, and a certificate that names it. */
const startResponder = async (port: number): Promise<string> => {
  const { dir, file, issue, keyFile } = await makeIssuer('/CN=Issuer')
  const issued = await issue('site', '/CN=localhost', [
    `authorityInfoAccess = OCSP;URI:http://127.0.0.1:${port}/`,
  ])
  const asked = await run(['openssl', 'x509', '-in', issued.file, '-noout', '-serial'], dir)
  const serial = asked.output.trim().replace('serial=', '')
  const index = join(dir, 'index.txt')
  writeFileSync(index, `V\t491231235959Z\t\t${serial}\tunknown\t/CN=localhost\n`)
  const signer = ['-CA', file, '-rsigner', file, '-rkey', keyFile]
  // It serves one connection at a time, so a connection that only tries its port would block it.
  await startServer(
    ['openssl', 'ocsp', '-index', index, '-port', String(port), ...signer, '-ndays', '1'],
    { cwd: dir, ports: [], isReady: (output) => output.includes('waiting for OCSP client') },
  )
  return issued.file
}

withServers(
  { nginx: nginxOf('1.22').server, httpd: httpd.server },
  'nginx and httpd staple the response of the issuer to their certificate',
  async ({ nginx, httpd: apache }) => {
    const [responder = 0, ...ports] = await freePorts(3)
    const pem = await startResponder(responder)
    const { port: backend } = await startBackend('app')
    for (const [at, proxy] of [nginxOf('1.22'), httpd].entries()) {
      const port = ports[at] ?? 0
      const spec = `frontends:
  web:
    listen: [{ address: "127.0.0.1:${port}", tls: { certificate: ${pem}, key: ${pem} } }]
    tls: { ocspStapling: true }
    locations: [{ match: /, upstream: app }]
upstreams: { app: { servers: { app: "127.0.0.1:${backend}" } } }
`
      const server = at === 0 ? nginx : apache
      await proxy.start(server, artifactsFor(proxy, server, spec), [port])
      // nginx asks the responder when the first client does.
      await expect.poll(() => stapled(port), { timeout: 60_000 }).toContain('Cert Status: good')
    }
  },
)
