import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Trial } from '../../src/core/traffic/evaluate.ts'
import { runCli } from '../support/run-cli.ts'
import { freePorts } from './support/free-port.ts'
import { resultOf, runLab, scenarioOptions, trialsOf } from './support/lab.ts'
import { startServer } from './support/process.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { findTomcat, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const specOf = (proxy: RealProxy, server: Server, settings: string, app = ''): string => `version: 1
name: shop
targets: { ${proxy.target(server)} }
frontends:
  web: { listen: [80], locations: [{ match: /, upstream: shop }], ${settings} }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers:
      one: { address: "10.0.0.1:8080", failTimeout: 1s }
      two: { address: "10.0.0.2:8080", failTimeout: 1s }
${app}`

/** The frontends of the table in docs/lab.md. */
const frontends = {
  plain: 'timeouts: { read: 10s }',
  websocket: 'timeouts: { read: 10s }, websocket: true',
  short: 'timeouts: { read: 1s, tunnel: 15s }, websocket: true',
} as const

type Name = keyof typeof frontends

const percent = (share: number | null | undefined): string =>
  share === 1 ? '100%' : share === 0 ? '0%' : '< 100%'

/** Lost sessions are distributed again, and some of them find their server by chance. */
const keptWord = (share: number | null | undefined): string => (share === 1 ? '100%' : '< 100%')

interface Measured {
  readonly upgraded: string
  readonly open: string
  readonly kept: string
  readonly answered: string
}

const measure = async (
  proxy: RealProxy,
  server: Server,
): Promise<Readonly<Record<Name, Measured>>> => {
  const names = Object.keys(frontends) as Name[]
  const trials = await trialsOf({
    specs: Object.fromEntries(names.map((name) => [name, specOf(proxy, server, frontends[name])])),
    programs: { [proxy.title.split(' ')[0]?.toLowerCase() ?? '']: server },
    args: [...scenarioOptions('upgrade', 'slow'), '--clients', '6', '--requests', '2'],
  })
  const measured = names.map((name): [Name, Measured] => {
    const trial = trials.find((one) => one.name === `${name}.yaml`)
    const upgrade = resultOf(trial, 'upgrade')
    const slow = resultOf(trial, 'slow')
    expect(upgrade.isClaimed, name).toBe(name !== 'plain')
    expect(upgrade.figures?.shares, name).toMatchObject({ sticky: 1, answered: 1 })
    return [
      name,
      {
        upgraded: percent(upgrade.figures?.shares.upgraded),
        open: percent(upgrade.figures?.shares.open),
        kept: keptWord(slow.figures?.shares.kept),
        answered: keptWord(slow.figures?.shares.answered),
      },
    ]
  })
  return Object.fromEntries(measured) as Record<Name, Measured>
}

const rows: readonly (readonly [title: string, name: Name, figure: keyof Measured])[] = [
  ['no `websocket`: upgraded', 'plain', 'upgraded'],
  ['`websocket: true`: upgraded', 'websocket', 'upgraded'],
  ['`websocket: true`: open after 1 s', 'websocket', 'open'],
  ['and `timeouts: { read: 1s, tunnel: 15s }`: open after 12 s', 'short', 'open'],
  ['an answer after 2 s, `read: 10s`: sessions kept', 'plain', 'kept'],
  ['an answer after 2 s, `read: 10s`: requests answered', 'plain', 'answered'],
  ['an answer after 2 s, `read: 1s`: sessions kept', 'short', 'kept'],
  ['an answer after 2 s, `read: 1s`: requests answered', 'short', 'answered'],
]

const docs = readFileSync(new URL('../../docs/lab.md', import.meta.url), 'utf8')
const [nginx, haproxy, apache] = [nginxOf('1.30'), haproxyOf('3.0'), httpd]

withServers(
  { nginx: nginx.server, haproxy: haproxy.server, apache: apache.server },
  'upgrades and slow answers with and without the fields for them are as docs/lab.md says',
  async (servers) => {
    const measured = await Promise.all([
      measure(nginx, servers.nginx),
      measure(haproxy, servers.haproxy),
      measure(apache, servers.apache),
    ])
    const table = rows.map(
      ([title, name, figure]) =>
        `| ${[title, ...measured.map((proxy) => proxy[name][figure])].join(' | ')} |`,
    )
    const start = docs.indexOf('| spec | nginx | HAProxy | httpd |')
    expect(
      docs
        .slice(start)
        .split('\n')
        .slice(2, 2 + rows.length),
    ).toEqual(table)
  },
)

const withTomcat = (proxy: RealProxy, server: Server, version: string): string =>
  specOf(proxy, server, 'websocket: true', `    app: { runtime: tomcat, version: "${version}" }\n`)

withServers(
  { server: nginx.server, tomcat: findTomcat('10.1') },
  'the application of the lab in Tomcat upgrades connections',
  async ({ server, tomcat }) => {
    const [trial] = await trialsOf({
      specs: { shop: withTomcat(nginx, server, tomcat.version) },
      programs: { nginx: server, tomcat },
      args: [...scenarioOptions('upgrade'), '--clients', '3'],
    })
    expect(resultOf(trial, 'upgrade')).toMatchObject({
      status: 'held',
      figures: { shares: { open: 1, upgraded: 1, sticky: 1 } },
    })
  },
)

withServers(
  { server: nginx.server, tomcat: findTomcat('7.0') },
  'Tomcat 7 upgrades no connections: the scenario is skipped',
  async ({ server, tomcat }) => {
    const { stdout } = await runLab({
      specs: { shop: withTomcat(nginx, server, tomcat.version) },
      programs: { nginx: server, tomcat },
      args: ['--dry-run'],
    })
    expect(stdout).toMatch(/^ {2}upgrade +skipped: the application of the lab for Tomcat 7/m)
  },
)

const script = fileURLToPath(new URL('../../templates/lab/session-server.mjs', import.meta.url))

withServers(
  { server: nginx.server },
  'verify opens WebSocket connections on the path of the option, and claims what the spec says',
  async ({ server }) => {
    const [web = 0, one = 0, two = 0] = await freePorts(3)
    for (const [name, port] of [
      ['one', one],
      ['two', two],
    ] as const) {
      const session = { cookie: 'JSESSIONID', url: 'jsessionid', reverse: true, folder: null }
      const settings = { host: '127.0.0.1', port, server: name, route: name, ...session }
      const command = [process.execPath, script, JSON.stringify(settings)] as const
      await startServer(command, { cwd: tempDir(), ports: [port] })
    }
    const rest = `frontends:
  web:
    listen: ["127.0.0.1:${web}"]
    locations:
      - { match: /, upstream: shop }
      - { match: /live/, upstream: shop, websocket: true }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { one: "127.0.0.1:${one}", two: "127.0.0.1:${two}" }
`
    await nginx.start(server, artifactsFor(nginx, server, rest), [web])
    const folder = tempDir()
    const head = `version: 1\nname: test\ntargets: { ${nginx.target(server)} }\n`
    writeFileSync(join(folder, 'shop.yaml'), `${head}${rest}`)
    const size = ['--clients', '4', '--requests', '2', '--idle', '500ms', '--format', 'json']
    const verify = async (...more: readonly string[]) => {
      const url = `http://127.0.0.1:${web}/`
      const scenario = ['--scenario', 'upgrade']
      const args = ['verify', url, 'shop.yaml', ...scenario, ...size, ...more]
      const { exitCode, stdout } = await runCli(args, { cwd: folder })
      const { trials } = JSON.parse(stdout) as { readonly trials: readonly Trial[] }
      const { isClaimed, status, reason } = resultOf(trials[0], 'upgrade')
      return { exitCode, isClaimed, status, reason }
    }
    expect(await verify('--upgrade-path', '/live/')).toEqual({
      exitCode: 0,
      isClaimed: true,
      status: 'held',
      reason: '',
    })
    expect(await verify()).toEqual({
      exitCode: 0,
      isClaimed: false,
      status: 'failed',
      reason: 'no connection was upgraded (200)',
    })
    expect(await verify('--claim', 'upgrade')).toMatchObject({ exitCode: 1, isClaimed: true })
  },
)
