import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { until } from '../../module/support/until.ts'
import { workingBelow } from '../support/build.ts'
import { atEnd } from '../support/cleanup.ts'
import { freePort } from '../support/free-port.ts'
import { accepts } from '../support/process.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What runs at the beginning. */
export interface Before {
  readonly nginx: string
  /** Copied into `modules/`, and loaded. */
  readonly modules?: readonly string[]
  /** Into the server block. */
  readonly server?: string
  /** Arguments in addition to those that name the configuration. */
  readonly args?: readonly string[]
  readonly isRelative?: boolean
  /** Of the workers, where the test runs as root. */
  readonly user?: string
}

/** An installed nginx that runs, in a folder of its own. */
export interface Host {
  readonly folder: string
  readonly port: number
  readonly sbin: string
  readonly pidFile: string
  readonly masters: () => readonly number[]
  /** Every installed file with its bytes, so that nothing has to be known of names. */
  readonly files: () => Readonly<Record<string, string>>
  /**
   * Everything in its folder, a line each: names, owners, modes, times, links, sizes and extended
   * attributes. Of the logs, which the running nginx writes, the names.
   */
  readonly tree: () => readonly string[]
  /** As in a power failure of the host. */
  readonly kill: () => void
  /**
   * As when it comes up.
   * @param through words before the command, such as of setpriv.
   */
  readonly start: (through?: readonly string[]) => Promise<void>
  /** Whether a process executes the file that is at its path now. */
  readonly runsInstalled: (pid: number) => boolean
}

const workers = 2

const configOf = (
  folder: string,
  port: number,
  { modules = [], server = '', user = 'root' }: Before,
): string => {
  const temps = ['client_body', 'proxy']
  return [
    ...modules.map((file) => `load_module modules/${file.slice(file.lastIndexOf('/') + 1)};`),
    process.getuid?.() === 0 ? `user ${user};` : '',
    `worker_processes ${workers};`,
    'pid logs/nginx.pid;',
    'error_log logs/error.log notice;',
    'events { worker_connections 256; }',
    'http {',
    'access_log off;',
    ...temps.map((name) => `${name}_temp_path ${folder}/${name};`),
    'server {',
    `listen 127.0.0.1:${port};`,
    server,
    `location = /slow { alias ${folder}/slow; limit_rate 4k; }`,
    'location / { return 200 "$nginx_version\\n"; }',
    '}',
    '}',
    '',
  ].join('\n')
}

const titleOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

const killAll = (pids: readonly string[]): void => {
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}

/** Again, until none is left: a master may start a worker after the processes were listed. */
const killBelow = (folder: string): void => {
  for (let round = 0; round < 100; round++) {
    const pids = workingBelow(folder)
    if (pids.length === 0) return
    killAll(pids)
  }
}

const contents = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['sbin', 'modules', 'conf'].flatMap((name) =>
      readdirSync(join(folder, name), { withFileTypes: true }).map((entry) => [
        `${name}/${entry.name}`,
        // A lock is a folder.
        entry.isFile() ? readFileSync(join(folder, name, entry.name), 'latin1') : '',
      ]),
    ),
  )

const treeOf = (folder: string): readonly string[] => {
  const parts = ['--xattrs', '--xattrs-include=*', '--acls']
  const form = ['--format=pax', '--pax-option=delete=atime,delete=ctime', '--sort=name']
  const archive = execFileSync(
    'tar',
    ['--create', ...form, ...parts, '--exclude=./logs', '-C', folder, '.'],
    { maxBuffer: 1e9 },
  )
  const list = ['--list', '-vv', '--full-time', '--numeric-owner', ...parts]
  const listing = execFileSync('tar', list, {
    input: archive,
    encoding: 'utf8',
    env: { TZ: 'UTC' },
  })
  const lines = listing.trimEnd().split('\n')
  return [...lines, ...readdirSync(join(folder, 'logs')).sort()]
}

/** Lays an nginx out as an administrator would have, and starts it. */
export const startHost = async (before: Before): Promise<Host> => {
  const [folder, port] = [tempDir(), await freePort()]
  for (const name of ['sbin', 'modules', 'conf', 'logs']) mkdirSync(join(folder, name))
  // Workers of another user reach their temporary folders.
  chmodSync(folder, 0o755)
  const sbin = join(folder, 'sbin/nginx')
  copyFileSync(before.nginx, sbin)
  for (const file of before.modules ?? [])
    copyFileSync(file, join(folder, 'modules', file.slice(file.lastIndexOf('/') + 1)))
  writeFileSync(join(folder, 'slow'), 'x'.repeat(8_192))
  writeFileSync(join(folder, 'conf/nginx.conf'), configOf(folder, port, before))
  // Whole seconds, which every program can set again.
  for (const name of ['sbin', 'modules', 'conf']) utimesSync(join(folder, name), 1e9, 1e9)
  const program = before.isRelative ? 'sbin/nginx' : sbin
  const args = ['-p', folder, '-c', 'conf/nginx.conf', '-e', 'logs/error.log']
  const end = () => killBelow(folder)
  atEnd({ cleanUp: end, abandon: end })
  const pidFile = join(folder, 'logs/nginx.pid')
  const start = async (through: readonly string[] = []): Promise<void> => {
    // It detaches itself, as it must be left alone to: no group of ours is killed when it has.
    const [first = '', ...words] = [...through, program, ...args, ...(before.args ?? [])]
    spawn(first, words, {
      cwd: folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      detached: true,
      stdio: 'ignore',
    }).unref()
    await until('nginx accepts connections', () => accepts(port))
    await until('nginx has a pid file', () => existsSync(pidFile) && statSync(pidFile).size > 0)
  }
  await start()
  // A worker has the title of its master for a moment.
  const areReady = () =>
    workingBelow(folder).filter((pid) => titleOf(pid).startsWith('nginx: worker process')).length >=
    workers
  await until('the workers are there', areReady)
  return {
    folder,
    port,
    start,
    kill: () => {
      end()
      rmSync(pidFile, { force: true })
      rmSync(`${pidFile}.oldbin`, { force: true })
    },
    sbin,
    pidFile,
    masters: () =>
      workingBelow(folder)
        .filter((pid) => titleOf(pid).startsWith('nginx: master process'))
        .map(Number),
    files: () => contents(folder),
    tree: () => treeOf(folder),
    runsInstalled: (pid) => statSync(`/proc/${pid}/exe`).ino === statSync(sbin).ino,
  }
}
