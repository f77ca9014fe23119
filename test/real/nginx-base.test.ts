import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { type Backend, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { startServer } from './support/process.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** Of a host on which the check does not run: its user, logs, modules and certificates are not here. */
const main = (more = ''): string => `user www-data;
pid /run/nowhere/nginx.pid;
error_log /var/log/nowhere/error.log;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 128; }
http {
\taccess_log /var/log/nowhere/access.log;
\tclient_body_temp_path /var/nowhere/body;
\tinclude /etc/nginx/mime.types;
\tinclude /etc/nginx/sites-enabled/*;
${more}}
`

const site = (port: number, servers: readonly string[], more = ''): string => `# The shop
upstream shop {
\tip_hash;
${servers.map((address, index) => `\tserver   ${address}   max_fails=2;  # rack ${index + 1}`).join('\n')}
}

server {
\tlisten 127.0.0.1:${port};
\tlocation / {
\t\tproxy_pass http://$pool_shop;
${more}\t}
}

server {
\tlisten 443 ssl;
\tserver_name other.example.com;
\tssl_certificate /etc/ssl/nowhere/shop.pem;
\tssl_certificate_key /etc/ssl/nowhere/shop.key;
\tlocation / { proxy_pass http://other.nowhere.invalid:8080; }
}
`

const spec = (servers: readonly string[], affinity: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3", base: nginx/nginx.conf } }
upstreams:
  shop:
    affinity: ${affinity}
    servers:
${servers.map((address, index) => `      tomcat0${index + 1}: ${address}`).join('\n')}
`

const maps = '{ method: jvm_route, via: maps }'

interface Folder {
  readonly cwd: string
  readonly read: (path: string) => string
}

const folderWith = (files: Readonly<Record<string, string>>): Folder => {
  const cwd = tempDir()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(cwd, path, '..'), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  return { cwd, read: (path) => readFileSync(join(cwd, path), 'utf8') }
}

const generate = async ({ cwd }: Folder, nginx: Server) => {
  const { exitCode, stdout } = await runCli(['generate', '--validate', '--format', 'json'], {
    cwd,
    env: { SESSCTL_NGINX: nginx.command },
  })
  const said = stdout === '' ? null : JSON.parse(stdout)
  return { exitCode, said }
}

const files = (port: number, addresses: readonly string[], servers: readonly string[]) => ({
  'sessctl.yaml': spec(servers, maps),
  'nginx/nginx.conf': main(),
  'nginx/mime.types': 'types { text/html html; }\n',
  'nginx/sites-enabled/shop': site(port, addresses),
})

const nginx = { nginx: findServer('nginx', '1.26') }

describe('an nginx of a host, with the upstream of the spec', () => {
  withServers(nginx, 'the edited file is checked as a whole, and keeps sessions', async (found) => {
    const backends: readonly Backend[] = await Promise.all(
      ['one', 'two', 'three'].map((name) => startBackend(name)),
    )
    const addresses = backends.map(({ port }) => `127.0.0.1:${port}`)
    const port = await freePort()
    const folder = folderWith(files(port, addresses.slice(0, 2), addresses))
    const { exitCode, said } = await generate(folder, found.nginx)
    expect(exitCode, JSON.stringify(said)).toBe(0)
    expect(JSON.stringify(said)).toMatch(/"status":\s*"accepted"/)
    const edited = folder.read('generated/nginx/shop')
    expect(edited).toContain(`\tserver   ${addresses[2]};\n`)

    // The same file again: nothing is left to change.
    writeFileSync(join(folder.cwd, 'nginx/sites-enabled/shop'), edited)
    const again = await generate(folder, found.nginx)
    expect(again.exitCode).toBe(0)
    expect(folder.read('generated/nginx/shop')).toBe(edited)

    const run = tempDir()
    const http = `pid nginx.pid;\nerror_log stderr;\ndaemon off;\nevents {}\nhttp {\naccess_log off;\n${[
      'client_body',
      'proxy',
      'fastcgi',
      'uwsgi',
      'scgi',
    ]
      .map((name) => `${name}_temp_path ${run}/${name};`)
      .join('\n')}\n${edited.slice(0, edited.indexOf('server {\n\tlisten 443'))}}\n`
    writeFileSync(join(run, 'nginx.conf'), http)
    await startServer([found.nginx.command, '-p', run, '-c', join(run, 'nginx.conf')], {
      cwd: run,
      ports: [port],
    })
    for (const [index, { name }] of backends.entries())
      for (let turn = 0; turn < 3; turn++) {
        const headers = { Cookie: `JSESSIONID=abc.tomcat0${index + 1}` }
        const { body } = await get(`http://127.0.0.1:${port}/`, { headers })
        expect(JSON.parse(body).name).toBe(name)
      }
  })

  withServers(nginx, 'a mistake in the rest of the file is reported at its line', async (found) => {
    const addresses = ['127.0.0.1:8081', '127.0.0.1:8082']
    const text = site(8080, addresses, '\t\tproxy_read_timeot 5s;\n')
    const folder = folderWith({
      ...files(8080, addresses, addresses),
      'nginx/sites-enabled/shop': text,
    })
    const { exitCode, said } = await generate(folder, found.nginx)
    expect(exitCode).toBe(1)
    const shown = JSON.stringify(said)
    expect(shown).toContain('unknown directive \\"proxy_read_timeot\\"')
    expect(shown).not.toContain('/base/')
  })

  withServers(nginx, 'a file that would run code is not given to nginx', async (found) => {
    const addresses = ['127.0.0.1:8081', '127.0.0.1:8082']
    const folder = folderWith({
      ...files(8080, addresses, addresses),
      'nginx/nginx.conf': main('\tperl_set $x \'sub { system("touch ran"); }\';\n'),
    })
    const { said } = await generate(folder, found.nginx)
    expect(JSON.stringify(said)).toContain('would run code during the check')
  })
})
