import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import { run } from '../support/process.ts'
import type { NewNginx } from './builds.ts'
import { type Host, startHost } from './host.ts'
import { startLoad } from './load.ts'

const isRoot = process.getuid?.() === 0

interface Subject {
  readonly built: NewNginx
  readonly host: Host
}

/** A command that says that it changed nothing, or took back what it did. */
interface Row {
  readonly name: string
  readonly run: (subject: Subject) => Promise<CliResult>
  readonly exitCode: number
  readonly says: RegExp
  /** Makes the host such that it fails, before the tree is looked at; the result takes it back. */
  readonly prepare?: (host: Host) => () => void
}

const upgrade =
  (...args: readonly string[]): Row['run'] =>
  ({ built, host }) =>
    built.upgrade(host, ['--upgrade', ...args])

const goOn =
  (...args: readonly string[]): Row['run'] =>
  ({ built, host }) =>
    built.goOn(host, args)

const abi =
  (...args: readonly string[]): Row['run'] =>
  ({ built, host }) =>
    runCli(['abi', built.nginx, ...args.map((arg) => arg.replace('HOST', host.folder))], {
      cwd: host.folder,
    })

const file = (name: string, text: string) => (host: Host) => {
  writeFileSync(join(host.folder, name), text)
  return () => rmSync(join(host.folder, name), { force: true })
}

const configuration = (edit: (text: string) => string) => (host: Host) => {
  const path = join(host.folder, 'conf/nginx.conf')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, edit(text))
  return () => writeFileSync(path, text)
}

/** Runs an upgrade with a probe, and does something when sessctl says a word. */
const upgradeUntil =
  (word: string, act: (child: ChildProcess, host: Host) => void): Row['run'] =>
  ({ built, host }) => {
    const probe = `http://127.0.0.1:${host.port}/health`
    let isDone = false
    const whileRunning = (child: ChildProcess): void => {
      child.stdin?.end()
      child.stderr?.on('data', (text: string) => {
        if (isDone || !text.includes(word)) return
        isDone = true
        act(child, host)
      })
    }
    const args = ['--upgrade', '--verbose', '--soak', '600', '--probe', probe]
    return built.upgrade(host, args, { whileRunning })
  }

const sick = (host: Host): string => join(host.folder, 'sick')

const rows: readonly Row[] = [
  { name: 'the plan', run: upgrade('--dry-run'), exitCode: 0, says: /replace +\S+sbin\/nginx/ },
  { name: 'abi', run: abi('HOST/sbin/nginx'), exitCode: 1, says: /built for nginx 1\.26\.3/ },
  {
    name: 'abi of a configuration',
    run: abi('--from-config', 'HOST/conf/nginx.conf'),
    exitCode: 0,
    says: /./,
  },
  {
    name: 'a rollback without an upgrade',
    run: goOn('--rollback'),
    exitCode: 3,
    says: /no unfinished upgrade/,
  },
  {
    name: 'nothing to resume',
    run: goOn('--resume-upgrade'),
    exitCode: 3,
    says: /no unfinished upgrade/,
  },
  {
    name: 'the journal',
    run: goOn('--rollback', '--dry-run'),
    exitCode: 0,
    says: /no unfinished upgrade/,
  },
  {
    name: 'a build that fails',
    run: ({ built, host }) => built.upgrade(host, ['--upgrade', '--patch', 'no-such.patch']),
    exitCode: 3,
    says: /no-such\.patch/,
  },
  {
    name: 'the new nginx does not accept the configuration',
    run: upgrade(),
    prepare: configuration((text) => text.replace('events {', 'no_such_directive;\nevents {')),
    exitCode: 3,
    says: /does not accept this host's configuration: \[emerg\] unknown directive "no_such_directive" in \S+\/conf\/nginx\.conf:\d+\n/,
  },
  {
    name: 'the same for --install',
    run: ({ built, host }) => built.upgrade(host, ['--install']),
    prepare: configuration((text) => text.replace('events {', 'no_such_directive;\nevents {')),
    exitCode: 3,
    says: /unknown directive "no_such_directive"/,
  },
  {
    name: 'another upgrade is not finished',
    run: upgrade(),
    prepare: file('logs/nginx.pid.oldbin', '1\n'),
    exitCode: 3,
    says: /\.oldbin exists: another upgrade is running, or was not finished/,
  },
  {
    name: 'the probe fails with the running nginx',
    run: upgrade('--probe', 'http://127.0.0.1:1/'),
    exitCode: 3,
    says: /does not answer with the running nginx/,
  },
  {
    name: 'the probe fails with the new nginx, on its private port',
    run: ({ built, host }) =>
      built.upgrade(host, ['--upgrade', '--probe', `http://127.0.0.1:${host.port}/version`]),
    exitCode: 3,
    says: /the new nginx answers \S+\/version with 503 when it was tried on a private port/,
  },
  {
    name: 'the probe fails in the soak',
    run: upgradeUntil('WINCH', (_, host) => writeFileSync(sick(host), '')),
    exitCode: 4,
    says: /rolled back: \S+\/health answers with 503/,
  },
  {
    name: 'Ctrl-C in the soak',
    run: upgradeUntil('WINCH', (child) => void child.kill('SIGINT')),
    exitCode: 130,
    says: /the upgrade was rolled back: sessctl was interrupted/,
  },
  {
    name: 'the new workers would take over the temporary folders',
    run: upgrade(),
    prepare: configuration((text) => text.replace('user daemon;', '')),
    exitCode: isRoot ? 3 : 0,
    says: /would run as "nobody", but .*client_body belongs to user 1:/,
  },
]

const server = [
  'location = /health { if (-f sick) { return 503; } return 204; }',
  'location = /version { if ($nginx_version = 1.22.1) { return 503; } return 204; }',
  'location = /post { client_body_buffer_size 1k; proxy_pass http://127.0.0.1:$server_port/; }',
].join('\n')

const post = async ({ port }: Host): Promise<number> => {
  const body = 'x'.repeat(100_000)
  return (await fetch(`http://127.0.0.1:${port}/post`, { method: 'POST', body })).status
}

/** Runs all of them against one nginx under load: after each, its tree is what it was before. */
export const checkUnchanged = async (built: NewNginx, old: string): Promise<void> => {
  const host = await startHost({ nginx: old, server, user: 'daemon' })
  if (isRoot) await run(['/usr/sbin/setcap', 'cap_net_bind_service=ep', host.sbin], '/', 5_000)
  expect(await post(host)).toBe(200)
  const masters = host.masters()
  const load = startLoad(host.port)
  // The last row needs root, who alone gives folders away.
  for (const { name, run: work, exitCode, says, prepare } of rows.slice(
    0,
    isRoot ? undefined : -1,
  )) {
    const undo = prepare?.(host)
    const before = { tree: host.tree(), files: host.files() }
    const result = await work({ built, host })
    rmSync(sick(host), { force: true })
    const what = `${name}\n${result.stdout}${result.stderr}`
    expect(`${result.stdout}${result.stderr}`, what).toMatch(says)
    expect(result.exitCode, what).toBe(exitCode)
    expect(host.tree().slice(1), what).toEqual(before.tree.slice(1))
    expect(host.files(), what).toEqual(before.files)
    expect(host.masters(), what).toEqual(masters)
    expect(await post(host), what).toBe(200)
    undo?.()
  }
  const { failures, answers } = await load.stop()
  expect(failures).toEqual({})
  expect(answers).toBeGreaterThan(500)
}
