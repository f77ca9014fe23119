import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { until } from '../module/support/until.ts'
import { findVariant } from '../module/support/variants.ts'
import { give, secondUser } from '../support/second-user.ts'
import { findNginxSource } from './support/build.ts'
import { atEnd } from './support/cleanup.ts'
import { findToolchain, withServers } from './support/servers.ts'
import { bytesOf, newNginx } from './upgrade/builds.ts'
import { type Host, startHost } from './upgrade/host.ts'

vi.setConfig({ testTimeout: 900_000 })

const isRoot = process.getuid?.() === 0
const needs = {
  toolchain: findToolchain(),
  source: findNginxSource('1.22'),
  old: findVariant('1.26', 'static'),
  root: isRoot
    ? {}
    : ({ missing: 'only root can make files of another user', isGap: true } as const),
}

/** A process of the second user that calls itself the master of an nginx. */
const startImpostor = async (
  host: Host,
): Promise<{ readonly pid: number; readonly mark: string }> => {
  const mark = join(host.folder, 'impostor')
  mkdirSync(mark)
  chmodSync(host.folder, 0o755)
  const program = join(mark, 'sleep')
  copyFileSync('/bin/sleep', program)
  chmodSync(program, 0o755)
  const child = spawn(program, ['600'], {
    argv0: `nginx: master process ${host.sbin} -c ${mark}/nginx.conf`,
    uid: secondUser,
    gid: secondUser,
    cwd: '/',
    stdio: 'ignore',
  })
  const end = (): void => void child.kill('SIGKILL')
  atEnd({ cleanUp: end, abandon: end })
  const pid = child.pid ?? 0
  await until('it calls itself nginx', () =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('nginx: master process'),
  )
  return { pid, mark }
}

const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`)

withServers(needs, 'root does not upgrade files that another user can change', async (servers) => {
  const built = await newNginx(servers.toolchain, servers.source)
  const host = await startHost({ nginx: servers.old.command })
  chmodSync(host.folder, 0o755)
  const first = host.masters()
  const before = host.files()

  const refused = async (args: readonly string[], reason: string): Promise<void> => {
    for (const how of ['--install', '--upgrade']) {
      const result = await built.upgrade(host, [how, ...args])
      expect(result.exitCode, `${result.stdout}${result.stderr}`).toBe(3)
      expect(`${result.stdout}${result.stderr}`).toContain(reason)
    }
    expect(host.masters()).toEqual(first)
  }
  const theirs = `it is owned by user ${secondUser}, and sessctl runs as user 0`

  const sbin = join(host.folder, 'sbin')
  chownSync(sbin, secondUser, secondUser)
  await refused([], `${sbin}: ${theirs}`)
  chownSync(sbin, 0, 0)
  chmodSync(sbin, 0o1777)
  await refused([], `${sbin}: it is writable by everybody`)
  chmodSync(sbin, 0o755)
  give(host.sbin)
  await refused([], `${host.sbin}: ${theirs}`)
  chownSync(host.sbin, 0, 0)
  expect(host.files()).toEqual(before)

  // A link in their place leads to the very file; who owns it may let it lead elsewhere.
  const link = join(host.folder, 'nginx')
  symlinkSync('sbin/nginx', link)
  lchownSync(link, secondUser, secondUser)
  await refused(['--sbin', link], `${link}: ${theirs}`)
  rmSync(link)

  // A journal of theirs names the program that is started, and whom a signal reaches.
  const journal = `${host.sbin}.sessctl-journal`
  writeFileSync(journal, '{}')
  give(journal)
  const resumed = await built.goOn(host, ['--rollback'])
  expect(`${resumed.stdout}${resumed.stderr}`).toContain(`${journal}: ${theirs}`)
  rmSync(journal)

  // A pid file of theirs names any process.
  const pidFile = join(host.folder, 'their.pid')
  copyFileSync(host.pidFile, pidFile)
  give(pidFile)
  await refused(['--pid', pidFile], `${pidFile} is not used: ${theirs}`)
  expect(host.files()).toEqual(before)

  // A root's link to another program: that is not what is to be replaced.
  const other = join(host.folder, 'sbin/sudo')
  copyFileSync('/bin/true', other)
  symlinkSync('sbin/sudo', link)
  const result = await built.upgrade(host, ['--install', '--sbin', link])
  expect(`${result.stdout}${result.stderr}`).toContain(`${other} is not an nginx binary`)
  expect(bytesOf(other)).toBe(bytesOf('/bin/true'))
})

withServers(
  needs,
  'does not execute or signal a process of another user that is named nginx',
  async (servers) => {
    const built = await newNginx(servers.toolchain, servers.source)
    const host = await startHost({ nginx: servers.old.command })
    const impostor = await startImpostor(host)
    const result = await built.upgrade(host, ['--upgrade', '--soak', '1'])
    expect(result.exitCode, `${result.stdout}${result.stderr}`).toBe(0)
    expect(isThere(impostor.pid)).toBe(true)

    writeFileSync(host.pidFile, `${impostor.pid}\n`)
    const misled = await built.upgrade(host, ['--upgrade', '--pid', host.pidFile])
    expect(misled.exitCode).toBe(3)
    expect(`${misled.stdout}${misled.stderr}`).toContain(`belongs to user ${secondUser}`)

    host.kill()
    const alone = await built.upgrade(host, ['--upgrade'])
    expect(alone.exitCode).toBe(3)
    expect(`${alone.stdout}${alone.stderr}`).toContain(`no nginx runs from ${host.sbin}`)
    expect(isThere(impostor.pid)).toBe(true)
  },
)
