import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { startApache } from './support/apache.ts'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const variable = (name: string): string => ['$', '{', name, '}'].join('')

/** Of a host on which the check does not run: its user, modules, logs and certificates are not here. */
const main = `ServerRoot "/etc/apache2"
User ${variable('APACHE_RUN_USER')}
Group ${variable('APACHE_RUN_GROUP')}
PidFile ${variable('APACHE_PID_FILE')}
ErrorLog /var/log/nowhere/error.log
LoadModule proxy_module /usr/lib/nowhere/mod_proxy.so
LoadModule proxy_http_module /usr/lib/nowhere/mod_proxy_http.so
LoadModule proxy_balancer_module /usr/lib/nowhere/mod_proxy_balancer.so
LoadModule ssl_module /usr/lib/nowhere/mod_ssl.so
IncludeOptional mods-enabled/*.conf
IncludeOptional sites-enabled/*.conf
`

const site = (port: number, addresses: readonly string[], more = ''): string => `# The shop
<Proxy balancer://shop>
${addresses.map((address, index) => `\tBalancerMember   http://${address}   route=tomcat0${index + 1} retry=1`).join('\n')}
</Proxy>

<VirtualHost 127.0.0.1:${port}>
\tProxyPass / balancer://shop/ stickysession=JSESSIONID|jsessionid scolonpathdelim=On
${more}</VirtualHost>

<VirtualHost other.nowhere.invalid:443>
\tSSLEngine on
\tSSLCertificateFile /etc/ssl/nowhere/shop.pem
\tSSLCertificateKeyFile /etc/ssl/nowhere/shop.key
</VirtualHost>
`

const spec = (addresses: readonly string[]): string => `version: 1
name: shop
targets: { httpd: { version: "2.4", base: apache2/apache2.conf } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers:
${addresses.map((address, index) => `      tomcat0${index + 1}: ${address}`).join('\n')}
`

const generate = async (
  files: Readonly<Record<string, string>>,
  httpd: Server,
): Promise<{
  readonly exitCode: number | null
  readonly said: string
  readonly edited: () => string
}> => {
  const cwd = tempDir()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(cwd, path, '..'), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  const { exitCode, stdout } = await runCli(['generate', '--validate', '--format', 'json'], {
    cwd,
    env: { SESSCTL_HTTPD: httpd.command },
  })
  return {
    exitCode,
    said: stdout,
    edited: () => readFileSync(join(cwd, 'generated/httpd/shop.conf'), 'utf8'),
  }
}

const httpd = { httpd: findServer('apache2', '2.4') }

describe('an httpd of a host, with the balancer of the spec', () => {
  withServers(httpd, 'the edited file is checked as a whole, and keeps sessions', async (found) => {
    const backends = await Promise.all(['one', 'two', 'three'].map((name) => startBackend(name)))
    const addresses = backends.map((backend) => `127.0.0.1:${backend.port}`)
    const port = await freePort()
    const before = site(port, addresses.slice(0, 2))
    const { edited, exitCode, said } = await generate(
      {
        'sessctl.yaml': spec(addresses),
        'apache2/apache2.conf': main,
        'apache2/sites-enabled/shop.conf': before,
      },
      found.httpd,
    )
    expect(exitCode, said).toBe(0)
    expect(said).toMatch(/"status":\s*"accepted"/)
    const added = `\tBalancerMember   http://${addresses[2]}   route=tomcat03 retry=1\n`
    expect(edited()).toBe(before.replace('</Proxy>', `${added}</Proxy>`))

    const shop = edited().slice(0, edited().indexOf('<VirtualHost other'))
    await startApache(found.httpd, `Listen 127.0.0.1:${port}\n${shop}`, [port])
    for (const [index, { name }] of backends.entries())
      for (let turn = 0; turn < 3; turn++) {
        const headers = { Cookie: `JSESSIONID=abc.tomcat0${index + 1}` }
        const { body } = await get(`http://127.0.0.1:${port}/`, { headers })
        expect(JSON.parse(body).name).toBe(name)
      }
  })

  withServers(httpd, 'mistakes in the rest of the files are reported', async (found) => {
    const addresses = ['127.0.0.1:8081', '127.0.0.1:8082']
    const withLine = (line: string) =>
      generate(
        {
          'sessctl.yaml': spec(addresses),
          'apache2/apache2.conf': main,
          'apache2/sites-enabled/shop.conf': site(8080, addresses, `\t${line}\n`),
        },
        found.httpd,
      )
    const mistyped = await withLine('ProxyPreserveHots On')
    expect(mistyped.exitCode, mistyped.said).toBe(1)
    const diagnostics = JSON.stringify(JSON.parse(mistyped.said))
    expect(diagnostics).toContain("Invalid command 'ProxyPreserveHots'")
    expect(diagnostics).toMatch(/"line":9\b/)
    expect(diagnostics).not.toContain('/base/')
  })
})
