import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { runLab, scenarioOptions } from './support/lab.ts'
import { findServer, type Missing, type Server, withServers } from './support/servers.ts'
import { startSyslog } from './support/syslog.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 300_000 })

const untouched = 'a line that was there before\n'

/** A host with a log, a document root and a syslog server of its own, and a spec that names them all. */
const hostWith = async (target: string) => {
  const folder = tempDir()
  const log = join(folder, 'access.log')
  writeFileSync(log, untouched)
  mkdirSync(join(folder, 'www'))
  writeFileSync(join(folder, 'www', 'page.html'), 'of the host')
  const syslog = await startSyslog()
  const hasFiles = !target.startsWith('haproxy')
  const hasSyslog = !target.startsWith('httpd')
  const spec = `version: 1
name: shop
targets: { ${target} }
frontends:
  web:
    listen: ["127.0.0.1:18080"]
    accessLog: { path: ${log}${hasSyslog ? `, syslog: "127.0.0.1:${syslog.port}"` : ''} }
    locations:
      - { match: /, upstream: shop }
${hasFiles ? `      - { match: /files/, root: ${folder}/www, index: [page.html] }\n` : ''}upstreams:
  shop:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { one: "127.0.0.1:${syslog.port}", two: "127.0.0.2:${syslog.port}" }
`
  const logged = () => readFileSync(log, 'utf8')
  return { spec, syslog, logged }
}

const nginx = findServer('nginx', '1.30')
const haproxy = findServer('haproxy', '3.2')
const httpd = findServer('apache2', '2.4')

type Name = 'nginx' | 'haproxy' | 'httpd'

const leavesTheHostAlone = (
  name: Name,
  targetOf: (server: Server) => string,
  found: Server | Missing,
) => {
  withServers(
    { server: found },
    `a lab with ${name} writes no log and sends none`,
    async (servers) => {
      const { server } = servers
      const { spec, syslog, logged } = await hostWith(targetOf(server))
      const args = [...scenarioOptions('sticky'), '--clients', '7']
      const { exitCode, stderr } = await runLab({
        specs: { shop: spec },
        programs: { [name]: server },
        args,
      })
      expect(exitCode, stderr).toBe(0)
      expect(stderr).toContain('scenario sticky:')
      await sleep(200)
      expect(logged()).toBe(untouched)
      expect(syslog.lines()).toEqual([])
    },
  )

  withServers(
    { server: found },
    `--validate with ${name} writes no log and sends none`,
    async ({ server }) => {
      const { spec, syslog, logged } = await hostWith(targetOf(server))
      const cwd = tempDir()
      writeFileSync(join(cwd, 'sessctl.yaml'), spec)
      const env = { [`SESSCTL_${name.toUpperCase()}`]: server.command }
      const { exitCode, stderr } = await runCli(['generate', '--validate', '--dry-run'], {
        cwd,
        env,
      })
      expect(exitCode, stderr).toBe(0)
      await sleep(200)
      expect(logged()).toBe(untouched)
      expect(syslog.lines()).toEqual([])
    },
  )
}

const versioned =
  (name: Name) =>
  ({ version }: Server): string =>
    `${name}: { version: "${version}" }`

leavesTheHostAlone('nginx', versioned('nginx'), nginx)
leavesTheHostAlone('haproxy', versioned('haproxy'), haproxy)
leavesTheHostAlone('httpd', () => 'httpd: { version: "2.4" }', httpd)
