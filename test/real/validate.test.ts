import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, vi } from 'vitest'
import { type CliResult, runCli } from '../support/run-cli.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { startNginx } from './support/nginx.ts'
import { run } from './support/process.ts'
import { findServer, findTomcat, type Tomcat, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

interface Folders {
  /** The folder of the spec, and of generated/ if it is written. */
  readonly cwd: string
  /** TMPDIR: what is left in it was not cleaned up. */
  readonly temporary: string
}

const foldersWith = (files: Readonly<Record<string, string>>): Folders => {
  const cwd = tempDir()
  const temporary = join(cwd, 'tmp')
  mkdirSync(temporary)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  return { cwd, temporary }
}

interface Result extends CliResult {
  readonly isWritten: boolean
  readonly left: readonly string[]
}

/** `sessctl generate --validate` with these servers. */
const validate = async (
  files: Readonly<Record<string, string>>,
  servers: Readonly<Record<string, string>>,
  ...more: readonly string[]
): Promise<Result> => {
  const { cwd, temporary } = foldersWith(files)
  const env = { ...servers, TMPDIR: temporary }
  const result = await runCli(['generate', '--validate', ...more], { cwd, env })
  const isWritten = existsSync(join(cwd, 'generated'))
  return { ...result, isWritten, left: readdirSync(temporary) }
}

/** A spec that no host but the real one could start: names, certificates and ports are not here. */
const spec = (targets: string, match: string, app: string) => `version: 1
name: shop
targets: { ${targets} }
frontends:
  web:
    listen:
      - 80
      - { address: 443, tls: { certificate: /etc/ssl/none/shop.pem, key: /etc/ssl/none/shop.pem } }
    serverNames: [shop.example.com]
    locations: [{ match: ${JSON.stringify(match)}, upstream: tomcats }]
upstreams:
  tomcats:
    affinity: { method: jvm_route }
    servers:
      tomcat01: tomcat01.nowhere.invalid:8090
      tomcat02: tomcat02.nowhere.invalid:8090
    ${app}
`

/** PCRE refuses it, and nothing before PCRE does. */
const badExpression = '~ (?<=a+)b'

/** The line of an artifact that contains a text. */
const lineOf = async (
  files: Readonly<Record<string, string>>,
  path: string,
  part: string,
): Promise<number> => {
  const { cwd } = foldersWith(files)
  const { stdout } = await runCli(['generate', '--stdout', '--format', 'json'], { cwd })
  const artifacts: readonly { path: string; text: string }[] = JSON.parse(stdout).artifacts
  const text = artifacts.find((artifact) => artifact.path === path)?.text ?? ''
  return text.split('\n').findIndex((line) => line.includes(part)) + 1
}

/** The first place that an error of the output names. */
const placeIn = (stderr: string, path: string): number => {
  const [, line] =
    new RegExp(`^${path.replaceAll('.', '\\.')}:(\\d+): error: `, 'm').exec(stderr) ?? []
  return Number(line)
}

describe.each(['1.18', '1.22', '1.26', '1.30'])('nginx %s', (version) => {
  const needs = { nginx: findServer('nginx', version) }
  const variables = (command: string) => ({ SESSCTL_NGINX: command })

  withServers(needs, 'accepts a valid configuration', async ({ nginx }) => {
    const target = `nginx: { version: "${nginx.version}", standalone: true }`
    const result = await validate(
      { 'sessctl.yaml': spec(target, '/', '') },
      variables(nginx.command),
    )
    expect(result.stderr).toContain(
      `accepted by nginx ${nginx.version}: nginx/shop.conf, nginx/nginx.conf\n`,
    )
    // The host names of the spec do not exist: no program may resolve them.
    expect(result.stderr.match(/warning\[[^\]]*\]/g)).toEqual(['warning[server-host-name]'])
    expect(result.stderr).toContain(
      'host names were not resolved: tomcat01.nowhere.invalid, tomcat02.nowhere.invalid',
    )
    expect(result).toMatchObject({ exitCode: 0, isWritten: true, left: [] })
  })

  withServers(needs, 'refuses an invalid configuration and names its line', async ({ nginx }) => {
    const target = `nginx: { version: "${nginx.version}" }`
    const files = { 'sessctl.yaml': spec(target, badExpression, '') }
    const result = await validate(files, variables(nginx.command))
    expect(placeIn(result.stderr, 'nginx/shop.conf')).toBe(
      await lineOf(files, 'nginx/shop.conf', '(?<=a+)b'),
    )
    expect(result.stderr).toContain('lookbehind assertion')
    expect(result.stderr).toContain('nothing was written')
    expect(result.stderr).not.toContain(result.left[0] ?? '/sessctl-')
    expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
  })

  withServers(needs, 'reports that nginx is older than the target release', async ({ nginx }) => {
    const text = spec('nginx: { version: "1.24.0" }', '/', '')
    const result = await validate({ 'sessctl.yaml': text }, variables(nginx.command))
    expect(result.stderr).toContain('warning: the spec is for nginx 1.24.0')
    expect(result.exitCode).toBe(0)
  })
})

withServers(
  { nginx: findServer('nginx', '1.22') },
  'reports what the installed nginx cannot check',
  async ({ nginx }) => {
    const target = `nginx: { version: "${nginx.version}", modules: [jvm_route] }`
    const result = await validate(
      { 'sessctl.yaml': spec(target, '/', '') },
      { SESSCTL_NGINX: nginx.command },
    )
    expect(result.stderr).toMatch(
      /cannot check nginx\/shop\.conf: nginx \S+ lacks the module jvm_route/,
    )
    expect(result).toMatchObject({ exitCode: 3, isWritten: false, left: [] })
  },
)

withServers(
  { nginx: findServer('nginx', '1.22') },
  'can be combined with --stdout, --check, --dry-run and --target',
  async ({ nginx }) => {
    const targets = `nginx: { version: "${nginx.version}" }, haproxy: { version: "2.6" }`
    const servers = { SESSCTL_NGINX: nginx.command, SESSCTL_HAPROXY: '/nowhere/haproxy' }
    const only = ['--target', 'nginx']
    const good = { 'sessctl.yaml': spec(targets, '/', '') }
    const bad = { 'sessctl.yaml': spec(targets, badExpression, '') }

    const printed = await validate(good, servers, ...only, '--stdout')
    expect(printed).toMatchObject({ exitCode: 0, isWritten: false })
    expect(printed.stdout).toContain('server_name shop.example.com;')
    expect(await validate(bad, servers, ...only, '--stdout')).toMatchObject({
      exitCode: 1,
      stdout: '',
    })

    const checked = await validate(good, servers, ...only, '--check')
    expect(checked).toMatchObject({ exitCode: 1, isWritten: false })
    expect(checked.stdout).toContain('missing')
    expect(checked.stderr).toContain('accepted by nginx')
    const planned = await validate(good, servers, ...only, '--dry-run')
    expect(planned).toMatchObject({ exitCode: 0, isWritten: false })
    expect(planned.stdout).toContain('to create')

    const missing = await validate(good, servers)
    expect(missing).toMatchObject({ exitCode: 3, stdout: '', isWritten: false, left: [] })
    expect(missing.stderr).toContain('SESSCTL_HAPROXY: /nowhere/haproxy is not HAProxy')
  },
)

withServers(
  { nginx: findServer('nginx', '1.30') },
  'does not affect a running nginx on the same port',
  async ({ nginx }) => {
    const port = await freePort()
    const http = `server { listen ${port}; return 200 still; }`
    const running = await startNginx(nginx, { http }, [port])
    const text = spec(`nginx: { version: "${nginx.version}" }`, '/', '').replace(
      '- 80',
      `- ${port}`,
    )
    // It says more after it has begun to listen.
    await vi.waitFor(() => expect(running.output()).toContain('start worker process '), 10_000)
    const before = running.output()
    const result = await validate({ 'sessctl.yaml': text }, { SESSCTL_NGINX: nginx.command })
    expect(result.exitCode).toBe(0)
    expect((await get(`http://127.0.0.1:${port}/`)).body).toBe('still')
    expect(running.output()).toBe(before)
  },
)

describe.each(['2.2', '2.6', '3.0', '3.2'])('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }
  const target = `haproxy: { version: "${version}" }`

  withServers(needs, 'accepts a valid configuration', async ({ haproxy }) => {
    const result = await validate(
      { 'sessctl.yaml': spec(target, '/', '') },
      { SESSCTL_HAPROXY: haproxy.command },
    )
    expect(result.stderr).toContain(`accepted by HAProxy ${haproxy.version}: haproxy/haproxy.cfg\n`)
    expect(result).toMatchObject({ exitCode: 0, isWritten: true, left: [] })
  })

  withServers(needs, 'refuses an invalid configuration and names its line', async ({ haproxy }) => {
    const files = { 'sessctl.yaml': spec(target, badExpression, '') }
    const result = await validate(files, { SESSCTL_HAPROXY: haproxy.command })
    expect(placeIn(result.stderr, 'haproxy/haproxy.cfg')).toBe(
      await lineOf(files, 'haproxy/haproxy.cfg', '(?<=a+)b'),
    )
    expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
  })
})

describe('httpd', () => {
  const needs = { httpd: findServer('apache2', '2.4') }
  const target = 'httpd: { version: "2.4" }'

  withServers(needs, 'accepts a valid configuration', async ({ httpd }) => {
    const result = await validate(
      { 'sessctl.yaml': spec(target, '/', '') },
      { SESSCTL_HTTPD: httpd.command },
    )
    expect(result.stderr).toContain(
      `accepted by httpd ${httpd.version}: httpd/shop.conf, httpd/shop.ports.conf\n`,
    )
    expect(result).toMatchObject({ exitCode: 0, isWritten: true, left: [] })
  })

  withServers(needs, 'refuses an invalid configuration and names its line', async ({ httpd }) => {
    const files = { 'sessctl.yaml': spec(target, badExpression, '') }
    const result = await validate(files, { SESSCTL_HTTPD: httpd.command })
    expect(placeIn(result.stderr, 'httpd/shop.conf')).toBe(
      await lineOf(files, 'httpd/shop.conf', '(?<=a+)b'),
    )
    expect(result.stderr).toContain(
      'not checked: httpd/shop.ports.conf: httpd stopped before it read this file',
    )
    expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
  })
})

/** A server.xml that must not be started as it is: ports, applications and a class of the real host. */
const base = (connector: string, more: string) => `<?xml version="1.0" encoding="UTF-8"?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="80" protocol="HTTP/1.1" ${connector}/>
    <Connector port="443" SSLEnabled="true" scheme="https" secure="true"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Cluster className="org.apache.catalina.ha.tcp.SimpleTcpCluster"/>
      <Host name="localhost" appBase="/srv/nowhere" workDir="/srv/nowhere">
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="/var/log/nowhere"/>
        <Valve className="com.example.OnlyThere"/>
        ${more}
      </Host>
    </Engine>
  </Service>
</Server>
`

const tomcatSpec = ({ version }: Tomcat, more = '') =>
  spec('haproxy: { version: "2.6" }', '/', `app: { runtime: tomcat, version: "${version}"${more} }`)
const withBase = ', tomcat: { base: base.xml }'

const tomcatVariables = ({ home, java }: Tomcat) => ({ CATALINA_HOME: home, SESSCTL_JAVA: java })

describe.each(['9', '10.1', '11'])('Tomcat %s', (version) => {
  const needs = { tomcat: findTomcat(version) }

  withServers(
    needs,
    'accepts valid configurations and starts once for two servers',
    async ({ tomcat }) => {
      const result = await validate(
        { 'sessctl.yaml': tomcatSpec(tomcat) },
        tomcatVariables(tomcat),
        ...['--target', 'tomcat', '--format', 'json'],
      )
      const { validation } = JSON.parse(result.stdout)
      const server = {
        dialect: 'tomcat',
        status: 'accepted',
        by: `Tomcat ${tomcat.version}`,
        findings: [],
      }
      expect(validation).toEqual(
        ['server.xml', 'context.xml']
          .flatMap((name) => [
            expect.objectContaining({
              ...server,
              path: `tomcat/tomcat01/conf/${name}`,
              checkedAs: null,
            }),
          ])
          .concat(
            ['server.xml', 'context.xml'].map((name) =>
              expect.objectContaining({
                ...server,
                path: `tomcat/tomcat02/conf/${name}`,
                checkedAs: `tomcat/tomcat01/conf/${name}`,
              }),
            ),
          ),
      )
      expect(result).toMatchObject({ exitCode: 0, isWritten: true, left: [] })
    },
  )

  withServers(
    needs,
    'starts an existing server.xml without its real resources',
    async ({ tomcat }) => {
      const files = { 'sessctl.yaml': tomcatSpec(tomcat, withBase), 'base.xml': base('', '') }
      const result = await validate(files, tomcatVariables(tomcat), ...['--target', 'tomcat'])
      expect(result.stderr).toContain(
        `accepted by Tomcat ${tomcat.version}: tomcat/tomcat01/conf/server.xml\n`,
      )
      const at = await lineOf(files, 'tomcat/tomcat01/conf/server.xml', 'com.example')
      expect(result.stderr).toContain('note: <Cluster> in line 7 was left out')
      expect(result.stderr).toContain(
        `note: <Valve> in line ${at} was left out: its class com.example.OnlyThere is not part of Tomcat`,
      )
      expect(result).toMatchObject({ exitCode: 0, isWritten: true, left: [] })
    },
  )

  withServers(
    needs,
    'refuses an attribute that Tomcat ignores and names its line without secrets',
    async ({ tomcat }) => {
      const result = await validate(
        {
          'sessctl.yaml': tomcatSpec(tomcat, withBase),
          'base.xml': base('bogus="1" bogusPassword="hunter2"', ''),
        },
        tomcatVariables(tomcat),
        ...['--target', 'tomcat'],
      )
      expect(placeIn(result.stderr, 'tomcat/tomcat01/conf/server.xml')).toBe(4)
      expect(result.stderr).toContain('Tomcat ignores bogus="1" of Server/Service/Connector')
      expect(result.stderr).not.toContain('hunter2')
      expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
    },
  )

  withServers(
    needs,
    'refuses a class that Tomcat does not have and names its line',
    async ({ tomcat }) => {
      const valve = '<Valve className="org.apache.catalina.valves.Nope"/>'
      const files = { 'sessctl.yaml': tomcatSpec(tomcat, withBase), 'base.xml': base('', valve) }
      const at = await lineOf(files, 'tomcat/tomcat01/conf/server.xml', 'valves.Nope')
      const result = await validate(files, tomcatVariables(tomcat), ...['--target', 'tomcat'])
      expect(placeIn(result.stderr, 'tomcat/tomcat01/conf/server.xml')).toBe(at)
      expect(result.stderr).toContain(
        'not checked: tomcat/tomcat01/conf/context.xml: Tomcat stopped before it read this file',
      )
      expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
    },
  )

  withServers(
    needs,
    'refuses an existing context.xml that does not fit the Tomcat release',
    async ({ tomcat }) => {
      const app = `, context: /shop, tomcat: { contextBase: context.xml }`
      const result = await validate(
        {
          'sessctl.yaml': tomcatSpec(tomcat, app),
          'context.xml':
            '<Context>\n  <Manager/>\n  <CookieProcessor sameSiteCookies="bogus"/>\n</Context>\n',
        },
        tomcatVariables(tomcat),
        ...['--target', 'tomcat'],
      )
      expect(placeIn(result.stderr, 'tomcat/tomcat01/conf/Catalina/localhost/shop.xml')).toBe(3)
      expect(result).toMatchObject({ exitCode: 1, stdout: '', isWritten: false, left: [] })
    },
  )
})

withServers(
  { tomcat: findTomcat('9') },
  'removes processes and files after Ctrl-C during a start',
  async ({ tomcat }) => {
    const { cwd, temporary } = foldersWith({ 'sessctl.yaml': tomcatSpec(tomcat) })
    // The server is another user, where the tests run as root.
    mkdirSync(join(cwd, 'pids'))
    chmodSync(join(cwd, 'pids'), 0o777)
    const pidFile = join(cwd, 'pids/pid')
    const java = join(cwd, 'java')
    // Tells which process is the server; it stays the same one.
    writeFileSync(
      java,
      `#!/bin/sh\ncase "$*" in *Bootstrap*) echo $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}';; esac\nexec '${tomcat.java}' "$@"\n`,
    )
    chmodSync(java, 0o755)
    const interrupt = async (kill: () => void) => {
      while (!existsSync(pidFile)) await sleep(10)
      await sleep(100)
      expect(readdirSync(temporary)).toHaveLength(1)
      kill()
    }
    const interrupted: Promise<void>[] = []
    const result = await runCli(['generate', '--validate', '--target', 'tomcat'], {
      cwd,
      env: { CATALINA_HOME: tomcat.home, SESSCTL_JAVA: java, TMPDIR: temporary },
      whileRunning: (child) => interrupted.push(interrupt(() => child.kill('SIGINT'))),
    })
    await Promise.all(interrupted)
    expect(result).toMatchObject({ exitCode: 130, signal: null, stdout: '' })
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH')
    expect(readdirSync(temporary)).toEqual([])
    expect(existsSync(join(cwd, 'generated'))).toBe(false)
  },
)

const bin = fileURLToPath(new URL('../../bin/sessctl.js', import.meta.url))
const nobody = 65_534
const asNobody = [
  'setpriv',
  '--reuid',
  `${nobody}`,
  '--regid',
  `${nobody}`,
  '--clear-groups',
  '--bounding-set=-all',
  '--',
]

/** A copy of an installed root that anybody may read: the home of the tests may be closed to others. */
const copyRoot = async (root: string, to: string): Promise<void> => {
  mkdirSync(to, { recursive: true })
  // Not cpSync, which stumbles over links into packages that are not there.
  const linked = await run(['cp', '-al', root, to], to)
  if (linked.exitCode === 0) return
  const copied = await run(['cp', '-a', root, to], to)
  if (copied.exitCode !== 0) throw new Error(copied.output)
}

const rootOf = (path: string): string => /^.*\/roots\/[^/]+/.exec(path)?.[0] ?? path

withServers(
  {
    nginx: findServer('nginx', '1.30'),
    haproxy: findServer('haproxy', '3.2'),
    tomcat: findTomcat('9'),
  },
  'needs no privileges',
  async ({ nginx, haproxy, tomcat }) => {
    const all = 'nginx: { version: "1.30" }, haproxy: { version: "3.2" }'
    const app = `app: { runtime: tomcat, version: "${tomcat.version}" }`
    const { cwd } = foldersWith({ 'sessctl.yaml': spec(all, '/', app) })
    const isRoot = process.getuid?.() === 0
    const copies = join(cwd, 'servers')
    const readable = async (path: string, root: string): Promise<string> => {
      if (!isRoot) return path
      await copyRoot(root, join(copies, 'roots'))
      const copy = join(copies, path.slice(dirname(dirname(root)).length))
      mkdirSync(dirname(copy), { recursive: true })
      if (!existsSync(copy)) copyFileSync(path, copy)
      return copy
    }
    const rootOfLauncher = (path: string): string => {
      const [, name = ''] = /roots\/([^\s"']+)/.exec(readFileSync(path, 'utf8')) ?? []
      return join(dirname(dirname(path)), 'roots', name)
    }
    const home = realpathSync(tomcat.home)
    const servers = {
      SESSCTL_NGINX: await readable(nginx.command, rootOfLauncher(nginx.command)),
      SESSCTL_HAPROXY: await readable(haproxy.command, rootOfLauncher(haproxy.command)),
      CATALINA_HOME: await readable(home, rootOf(home)),
      SESSCTL_JAVA: existsSync(join(dirname(dirname(tomcat.java)), 'roots'))
        ? await readable(tomcat.java, rootOfLauncher(tomcat.java))
        : tomcat.java,
    }
    if (isRoot) chownSync(cwd, nobody, nobody)
    const finished = await run(
      [
        'env',
        ...Object.entries(servers).map(([name, value]) => `${name}=${value}`),
        ...(isRoot ? asNobody : []),
        ...[process.execPath, bin, 'generate', '--validate', '--quiet'],
      ],
      cwd,
      60_000,
    )
    expect(finished).toMatchObject({ exitCode: 0, output: '' })
    expect(existsSync(join(cwd, 'generated', 'manifest.json'))).toBe(true)
    expect(readdirSync(cwd).filter((name) => name.startsWith('sessctl-'))).toEqual([])
  },
)
