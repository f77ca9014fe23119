import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { pairSpec, runLab } from './support/lab.ts'
import {
  folderOf,
  labFolders,
  processesIn,
  sharedMemoryOf,
  untilEmpty,
} from './support/lab-leftovers.ts'
import { findJars, findServer, findTomcat, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')
const redis = findServer('redis', '7.0')
const httpd = findServer('apache2', '2.4')
const tomcat = findTomcat('10.1')

const script = (lines: readonly string[]): string => {
  const file = join(tempDir(), 'program')
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o700 })
  return file
}

describe('shows the last output of a process that ends during its start, and removes everything', () => {
  const app = (version: string, sessions: string): string =>
    `{ runtime: django, version: "${version}", sessions: ${sessions} }`

  withServers(
    { nginx, redis, django: findServer('django', '4.2') },
    'of a session store',
    async (servers) => {
      const { command, version } = servers.redis
      const dying: Server = {
        version,
        command: script([
          `case $1 in --version | -v) exec ${command} "$@" ;; esac`,
          'echo "Fatal error: not enough of anything" >&2',
          'exit 1',
        ]),
      }
      const spec = pairSpec({
        affinity: '{ method: none }',
        app: app('4.2', '{ store: cache, use: store }'),
        stores: '{ store: { kind: redis, addresses: ["10.0.0.5:6379"] } }',
      })
      const programs = { nginx: servers.nginx, redis: dying, python: servers.django }
      const { exitCode, stderr, stdout, folder } = await runLab({ specs: { spec }, programs })
      expect(exitCode, stderr).toBe(3)
      expect(stdout).toBe('')
      expect(stderr).toContain('exited during its start:')
      expect(stderr).toContain('Fatal error: not enough of anything')
      expect(stderr).toContain('help:')
      expect(labFolders(folder)).toEqual([])
      expect(await untilEmpty(() => processesIn(folder))).toEqual([])
    },
  )

  withServers(
    { nginx, tomcat },
    'of one of two Tomcats that start at the same time',
    async (servers) => {
      const { java, version } = servers.tomcat
      const dying = script([
        `case "$*" in *-Dsessctl.server=one*) echo 'java.net.BindException: taken' >&2; exit 1 ;; esac`,
        `exec ${java} "$@"`,
      ])
      const sessions = `{ runtime: tomcat, version: "${version}", sessions: { store: local } }`
      const { exitCode, stderr, stdout, folder } = await runLab({
        specs: { spec: pairSpec({ app: sessions }) },
        programs: { ...servers, tomcat: { ...servers.tomcat, java: dying } },
        args: ['--format', 'json'],
      })
      expect(exitCode, stderr).toBe(3)
      const { error } = JSON.parse(stdout) as { readonly error: { readonly message: string } }
      expect(error.message).toMatch(
        /^one \(Tomcat \S+\) exited during its start:\n(.*\n)*.*BindException/,
      )
      expect(labFolders(folder)).toEqual([])
      expect(await untilEmpty(() => processesIn(folder))).toEqual([])
    },
  )
})

describe('removes all processes and files after kill -9', () => {
  const left = async (run: Parameters<typeof runLab>[0], least: number): Promise<void> => {
    let pids: readonly string[] = []
    const { exitCode, folder, stderr } = await runLab({
      ...run,
      args: [...(run.args ?? []), '--keep'],
      whileRunning: (child) => {
        let said = ''
        child.stderr?.on('data', (text: string) => {
          said += text
          if (pids.length > 0 || !said.includes('press Ctrl-C')) return
          pids = processesIn(folderOf(String(child.pid)))
          child.kill('SIGKILL')
        })
      },
    })
    expect(exitCode, stderr).toBe(null)
    expect(pids.length, stderr).toBeGreaterThanOrEqual(least)
    expect(await untilEmpty(() => processesIn(folder))).toEqual([])
    expect(await untilEmpty(() => labFolders(folder))).toEqual([])
    expect(sharedMemoryOf(pids)).toEqual([])
  }

  withServers({ httpd }, 'of httpd', async (programs) => {
    const target = 'httpd: { version: "2.4" }'
    // httpd with a worker, two session servers, the guard and the lab itself.
    await left({ specs: { spec: pairSpec({ target }) }, programs }, 6)
  })

  const database = {
    nginx,
    tomcat,
    postgres: findServer('postgresql', '15'),
    initdb: findServer('initdb', '15'),
    jars: findJars(['org.postgresql:postgresql:42.7.14']),
  }
  withServers(database, 'of PostgreSQL', async ({ jars, ...programs }) => {
    const { version } = programs.tomcat
    const spec = pairSpec({
      app: `{ runtime: tomcat, version: "${version}", sessions: { store: jdbc, use: db, sharedBetweenServers: true } }`,
      stores:
        '{ db: { kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.7/sessions", username: shop, password: { env: DB_PASSWORD } } }',
    })
    const [jar = ''] = jars.files
    const args = ['--libs', jar.slice(0, jar.lastIndexOf('/'))]
    await left({ specs: { spec }, programs, args }, 10)
  })
})
