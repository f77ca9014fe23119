import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { pairSpec, runLab } from './support/lab.ts'
import { folderOf, processesIn } from './support/lab-leftovers.ts'
import { findServer, findTomcat, type Server, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const isRoot = process.getuid?.() === 0
/** Another user than the one who runs a lab. */
const other = { uid: 12_345, gid: 12_345 }

const uidOf = (pid: string): number => statSync(`/proc/${pid}`).uid
const commandLine = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1')

/** Where processes of a user listen. */
const listening = (uid: number): readonly { readonly host: string; readonly port: number }[] =>
  ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'latin1')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && Number(fields[7]) === uid)
      .map(([, local = '']) => {
        const [address = '', port = ''] = local.split(':')
        const octets = address.slice(-8).match(/../g) ?? []
        const host = [...octets].reverse().map((octet) => Number.parseInt(octet, 16))
        return { host: host.join('.'), port: Number.parseInt(port, 16) }
      }),
  )

/** The responses to another user who tries to use a store, or to stop a Tomcat. */
const asOther = (host: string, port: number): string => {
  const script = `
    const socket = require('node:net').connect(${port}, '${host}', () =>
      socket.write('SHUTDOWN\\r\\nINFO\\r\\nGET 127.0.0.1\\r\\nCONFIG GET requirepass\\r\\n'))
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('data', (data) => process.stdout.write(data)).on('error', () => {})`
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], {
    ...other,
    cwd: '/',
    encoding: 'latin1',
    env: { PATH: process.env['PATH'] ?? '' },
  })
  expect(status).toBe(0)
  return stdout
}

interface Look {
  readonly folder: string
  readonly pids: readonly string[]
}

/** A lab that is kept until it has been examined. */
const whileKept = async (
  spec: string,
  programs: Readonly<Record<string, Server>>,
  args: readonly string[],
  look: (look: Look) => Promise<void> | void,
): Promise<string> => {
  let looked: Promise<void> | null = null
  let said = ''
  const done = await runLab({
    specs: { shop: spec },
    programs,
    args: ['--keep', ...args],
    whileRunning: (child) => {
      child.stderr?.on('data', (text: string) => {
        said += text
        const [pid] = said.includes('press Ctrl-C') ? [child.pid] : []
        if (pid === undefined || looked !== null) return
        const home = folderOf(String(pid))
        const folder = join(
          home,
          readdirSync(home).find((name) => name.startsWith('sessctl-')) ?? '',
        )
        looked = (async () => {
          await sleep(200)
          try {
            const pids = processesIn(folder).filter((one) => Number(one) !== pid)
            await look({ folder, pids })
          } finally {
            child.kill('SIGINT')
          }
        })()
      })
    },
  })
  expect(looked, done.stderr).not.toBeNull()
  await looked
  expect(done.exitCode).toBe(130)
  return done.stderr
}

const redis = findServer('redis', '7.0')
const php = findServer('php', '8.2')
const nginx = findServer('nginx', '1.30')

describe.skipIf(!isRoot)('a lab started by root', () => {
  withServers(
    { nginx, php, redis },
    'runs as another user in a folder of that user, with a password for Redis',
    async (servers) => {
      const spec = pairSpec({
        app: '{ runtime: php, version: "8.2", sessions: { store: redis, use: r } }',
        affinity: '{ method: sticky, by: cookie, cookie: srv_id }',
        target: `nginx: { version: "${servers.nginx.version}" }`,
        stores: '{ r: { kind: redis, mode: single, addresses: ["10.0.0.5:6379"] } }',
      })
      await whileKept(spec, servers, ['--user', '54321'], ({ folder, pids }) => {
        // The shell that ends what is left is ours.
        const ran = pids.filter((pid) => !commandLine(pid).startsWith('/bin/sh\0-c\0\ntrap'))
        expect(ran.length).toBeGreaterThan(4)
        expect(ran.filter((pid) => uidOf(pid) !== 54_321).map(commandLine)).toEqual([])
        expect(statSync(folder)).toMatchObject({ uid: 54_321 })
        expect(statSync(folder).mode & 0o777).toBe(0o700)

        const config = readFileSync(join(folder, 'r', 'redis.conf'), 'utf8')
        const [, password = ''] = /^requirepass (\w+)$/m.exec(config) ?? []
        expect(password).toMatch(/^[0-9a-f]{24}$/)
        expect(statSync(join(folder, 'r', 'redis.conf')).mode & 0o777).toBe(0o600)
        expect(pids.filter((pid) => commandLine(pid).includes(password))).toEqual([])

        const ports = listening(54_321)
        expect(ports.length).toBeGreaterThanOrEqual(4)
        const heard = ports.map(({ host, port }) => asOther(host, port))
        expect(heard.some((text) => text.includes('NOAUTH'))).toBe(true)
        expect(heard.join('\n')).not.toMatch(/redis_version|STAT pid|requirepass/)
        const list = spawnSync('ls', [folder], { ...other, cwd: '/', encoding: 'utf8' })
        expect(list.stderr).toContain('Permission denied')
      })
    },
  )

  const tomcat = findTomcat('10.1')
  withServers(
    { nginx, tomcat },
    'protects the shutdown of Tomcats from other users',
    async ({ nginx, tomcat }) => {
      const spec = pairSpec({
        app: '{ runtime: tomcat, version: "10.1.60" }',
        target: `nginx: { version: "${nginx.version}" }`,
      })
      const args = ['--user', '54322', '--catalina-home', tomcat.home, '--java', tomcat.java]
      await whileKept(spec, { nginx }, args, ({ folder, pids }) => {
        const ports = listening(54_322)
        // A connector each, and the balancer.
        expect(ports.length).toBe(3)
        for (const { host, port } of ports) asOther(host, port)
        expect(processesIn(folder).length).toBeGreaterThanOrEqual(pids.length)
      })
    },
  )

  withServers({ nginx }, 'refuses an unknown user and root', async ({ nginx }) => {
    for (const [user, message] of [
      ['root', '--user root is refused'],
      ['0', '--user root is refused'],
      ['no-such-user', 'user no-such-user does not exist'],
    ] as const) {
      const specs = { shop: pairSpec() }
      const { exitCode, stderr } = await runLab({
        specs,
        programs: { nginx },
        args: ['--user', user],
      })
      expect(exitCode).toBe(2)
      expect(stderr).toContain(message)
    }
  })

  withServers({ nginx }, 'reports a missing privilege to change users', async ({ nginx }) => {
    const words = ['--bounding-set=-setuid,-setgid,-setpcap', '--inh-caps=-setuid,-setgid']
    const { exitCode, stdout, stderr } = await runLab({
      specs: { shop: pairSpec({ target: `nginx: { version: "${nginx.version}" }` }) },
      programs: { nginx },
      args: ['--scenario', 'spread', '--clients', '11', '--requests', '1'],
      through: ['setpriv', ...words, '--'],
    })
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain(
      'note: programs run as root: this process may not start them as nobody',
    )
  })
})
