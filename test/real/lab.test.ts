import { realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, relative } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { pairSpec, resultOf, runLab, scenarioOptions, trialsOf } from './support/lab.ts'
import {
  folderOf,
  labFolders,
  processesIn,
  sharedMemoryOf,
  untilEmpty,
} from './support/lab-leftovers.ts'
import { findServer, findTomcat, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')
const haproxy = findServer('haproxy', '2.6')
const httpd = findServer('apache2', '2.4')
const tomcat = findTomcat('10.1')

const onTomcat = (version: string, sessions: string): string =>
  `{ runtime: tomcat, version: "${version}", sessions: ${sessions} }`

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

describe('two Tomcats behind nginx', () => {
  withServers(
    { nginx, tomcat },
    'a dry run prints the plan and starts nothing',
    async ({ nginx, tomcat }) => {
      const specs = { shop: pairSpec({ app: onTomcat(tomcat.version, '{ store: backup }') }) }
      const run = { specs, programs: { nginx, tomcat } }
      const done = await runLab({
        ...run,
        args: ['--dry-run', ...scenarioOptions('kill', 'store')],
      })
      expect(done).toMatchObject({ exitCode: 0, stderr: '' })
      // As root: the user that runs them if nobody cannot enter the folders of the programs.
      const said = done.stdout.replace(/^ {2}note: programs run as .*\n/m, '')
      expect(said.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
        ['processes of shop.yaml:'],
        ['', 'one', `Tomcat ${tomcat.version}`],
        ['', 'two', `Tomcat ${tomcat.version}`],
        ['', 'balancer', 'nginx 1.22.1'],
        ['scenarios:'],
        ['', 'kill', 'claimed'],
        ['', 'store', 'skipped: the spec has no session store'],
        [''],
      ])
      expect(done.stdout).toContain(nginx.command)
      expect(done.stdout).toContain(tomcat.java)
      expect(labFolders(done.folder)).toEqual([])
    },
  )

  withServers(
    { nginx, tomcat },
    'options name programs relative to the current folder',
    async (servers) => {
      const cwd = tempDir()
      symlinkSync(servers.nginx.command, join(cwd, 'nginx'))
      const { home, version, java } = servers.tomcat
      writeFileSync(
        join(cwd, 'shop.yaml'),
        pairSpec({ app: onTomcat(version, '{ store: local }') }),
      )
      const run = (catalinaHome: string) =>
        runCli(
          [
            ...[
              'lab',
              'shop.yaml',
              '--nginx',
              './nginx',
              '--java',
              java,
              ...scenarioOptions('sticky'),
            ],
            ...['--clients', '5', '--catalina-home', catalinaHome],
          ],
          { cwd, env: { TMPDIR: cwd } },
        )
      const { exitCode, stdout, stderr } = await run(relative(realpathSync(cwd), home))
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
      expect(stdout).toContain(`nginx 1.22.1, 2 × Tomcat ${version}\n`)
      // A named program has no stand-in.
      const none = await run('nothing')
      expect(none).toMatchObject({ exitCode: 3, stdout: '' })
      expect(none.stderr).toContain(
        `--catalina-home ${join(cwd, 'nothing')} is not a Tomcat installation`,
      )
    },
  )

  withServers(
    { nginx, tomcat },
    'sessions are lost without affinity',
    async ({ nginx, tomcat }) => {
      const app = onTomcat(tomcat.version, '{ store: local }')
      const specs = {
        'without-affinity': pairSpec({ affinity: '{ method: none }', app }),
        'with-the-route-elsewhere': pairSpec({
          affinity: '{ method: jvm_route, reverse: false }',
          app,
        }),
      }
      const args = ['--compare', ...scenarioOptions('sticky')]
      const trials = await trialsOf({ specs, programs: { nginx, tomcat }, args })
      expect(trials).toHaveLength(2)
      for (const trial of trials) {
        // `generate` refuses both.
        expect(trial.notes[0]).toContain('sessctl generate refuses this spec')
        const shares = resultOf(trial, 'sticky').figures?.shares
        expect(shares?.sticky, trial.name).toBeLessThan(1)
        expect(shares?.kept, trial.name).toBeLessThan(1)
      }
    },
  )
})

withServers(
  { nginx },
  'ip_hash: a thousand clients behind one address use one server',
  async (servers) => {
    const specs = { hash: pairSpec({ affinity: '{ method: ip_hash }' }) }
    const args = ['--clients', '1000', ...scenarioOptions('spread', 'nat')]
    const [trial] = await trialsOf({ specs, programs: servers, args })
    const { figures } = resultOf(trial, 'nat')
    expect(figures?.servers.filter(({ clients }) => clients > 0)).toMatchObject([{ clients: 1000 }])
    // With an address each they spread: every server is reachable.
    expect(resultOf(trial, 'spread').figures?.servers).toHaveLength(2)
  },
)

describe.each([
  ['haproxy', 'haproxy: { version: "2.6" }', { haproxy }],
  ['httpd', 'httpd: { version: "2.4" }', { httpd }],
])('%s', (name, target, programs) => {
  withServers(programs, 'runs every scenario with the built-in session server', async (found) => {
    const run = { specs: { spec: pairSpec({ target }) }, programs: found }
    const [trial] = await trialsOf({ ...run, args: ['--clients', '20', '--target', name] })
    expect(trial?.about).toContain('built-in session server')
    expect(trial?.notes[0]).toContain('those for the session store are simulated')
    const unlike = trial?.results.filter(({ status }) => status !== 'held') ?? []
    // One frontend and one upstream, without `websocket`; their memory dies with them; there is no store.
    const names = ['sites', 'upgrade', 'kill', 'rolling', 'store']
    expect(unlike.map(({ scenario }) => scenario)).toEqual(names)
    expect(unlike.some(({ isClaimed }) => isClaimed)).toBe(false)
  })
})

describe('cleans up', () => {
  withServers({ nginx }, 'after success', async (servers) => {
    const run = { specs: { spec: pairSpec() }, programs: servers }
    const { exitCode, folder } = await runLab({ ...run, args: scenarioOptions('sticky') })
    expect(exitCode).toBe(0)
    expect(labFolders(folder)).toEqual([])
    expect(processesIn(folder)).toEqual([])
  })

  withServers({ nginx }, 'after a start that fails', async ({ nginx }) => {
    const alone = '  nobody: { servers: { one: "10.0.0.3:8080" } }\n'
    const run = { specs: { spec: `${pairSpec()}${alone}` }, programs: { nginx } }
    const args = ['--upstream', 'nobody']
    const { exitCode, folder, stderr } = await runLab({ ...run, args })
    expect(exitCode, stderr).toBe(3)
    expect(stderr).toContain('no location proxies to the upstream nobody')
    expect(labFolders(folder)).toEqual([])
    expect(processesIn(folder)).toEqual([])
  })

  describe.each([
    ['Ctrl-C', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['kill -9', 'SIGKILL', null],
  ] as const)('after %s', (_, signal, expected) => {
    withServers(
      { nginx, tomcat },
      'leaves no process, port, folder or shared memory',
      async (servers) => {
        const app = onTomcat(servers.tomcat.version, '{ store: delta }')
        const seen = { pids: [] as readonly string[], url: '' }
        const { exitCode, folder } = await runLab({
          specs: { spec: pairSpec({ app }) },
          programs: servers,
          args: ['--keep'],
          whileRunning: (child) => {
            child.stderr?.on('data', (text: string) => {
              const [, url = ''] = /open (http:\S+)/.exec(text) ?? []
              if (url === '' || seen.url !== '') return
              seen.url = url
              seen.pids = processesIn(folderOf(String(child.pid)))
              child.kill(signal)
            })
          },
        })
        // nginx with its worker, two Tomcats, the guard and the lab itself.
        expect(seen.pids.length).toBeGreaterThanOrEqual(6)
        expect(exitCode).toBe(expected)
        expect(await untilEmpty(() => processesIn(folder))).toEqual([])
        expect(await untilEmpty(() => labFolders(folder))).toEqual([])
        expect(sharedMemoryOf(seen.pids)).toEqual([])
        const { hostname, port } = new URL(seen.url)
        expect(await accepts(hostname, Number(port))).toBe(false)
      },
    )
  })
})
