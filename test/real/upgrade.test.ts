import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { until } from '../module/support/until.ts'
import { findVariant } from '../module/support/variants.ts'
import { findNginxSource } from './support/build.ts'
import { freePort } from './support/free-port.ts'
import { accepts, run } from './support/process.ts'
import { findToolchain, withServers } from './support/servers.ts'
import { bytesOf, newNginx, withoutExecution } from './upgrade/builds.ts'
import { type Before, type Host, startHost } from './upgrade/host.ts'
import { cut, type Load, lanes, startLoad, type Tally } from './upgrade/load.ts'
import { checkOtherUser } from './upgrade/other-user.ts'
import { checkPackaged } from './upgrade/packaged.ts'
import { checkUnchanged } from './upgrade/unchanged.ts'
import { checkVersions } from './upgrade/versions.ts'

vi.setConfig({ testTimeout: 900_000 })

const needs = {
  toolchain: findToolchain(),
  source: findNginxSource('1.22'),
  /** What runs before: another release, with other modules built in. */
  old: findVariant('1.26', 'static'),
  oldDynamic: findVariant('1.26', 'dynamic'),
}

/** Enough answers before and after that a gap of any length would be seen. */
const someAnswers = 200

const underLoad = async (
  before: Before,
  work: (host: Host) => Promise<void>,
): Promise<{ readonly host: Host; readonly tally: Tally }> => {
  const host = await startHost(before)
  const load = startLoad(host.port)
  await more(load)
  await work(host)
  await more(load)
  return { host, tally: await load.stop() }
}

const more = async (load: Load): Promise<void> => {
  const wanted = load.answers() + someAnswers
  await expect.poll(load.answers, { timeout: 60_000, interval: 20 }).toBeGreaterThan(wanted)
}

const answerOf = async ({ port }: Host): Promise<string> =>
  (await (await fetch(`http://127.0.0.1:${port}/`)).text()).trim()

const expectNoFailure = ({ tally }: { readonly tally: Tally }): void => {
  expect(tally.failures).toEqual({})
  expect(tally.answers).toBeGreaterThan(2 * someAnswers)
}

const capabilitiesOf = async ({ sbin }: Host): Promise<string> =>
  (await run(['/usr/sbin/getcap', sbin], '/', 5_000)).output

const soak = ['--soak', '1']

describe('an upgrade under load', () => {
  withServers(needs, 'upgrades to another release and back', async ({ toolchain, source, old }) => {
    const built = await newNginx(toolchain, source)
    let first = 0
    const seen = await underLoad({ nginx: old.command, user: 'daemon' }, async (host) => {
      first = host.masters()[0] ?? 0
      const config = host.files()['conf/nginx.conf']
      expect(await answerOf(host)).toBe('1.26.3')
      // Where the user and the file system have capabilities, the new files have them, too.
      await run(['/usr/sbin/setcap', 'cap_net_bind_service=ep', host.sbin], '/', 5_000)
      const capabilities = await capabilitiesOf(host)
      const planned = await built.upgrade(host, ['--upgrade', '--dry-run'])
      expect(planned.stdout).toContain(`replace              ${host.sbin}`)
      expect(Object.keys(host.files())).toEqual(['sbin/nginx', 'conf/nginx.conf'])

      const result = await built.upgrade(host, ['--upgrade', ...soak])
      expect(result.stderr).toMatch(/upgrade +1\.26\.3 → 1\.22\.1, master \d+ → \d+/)
      expect(result.exitCode).toBe(0)
      expect(result.stdout).toContain(`${host.sbin}  (previous: ${host.sbin}.sessctl-previous)`)
      expect(host.masters()).not.toContain(first)
      expect(host.files()['conf/nginx.conf']).toBe(config)
      expect(host.files()['sbin/nginx']).toBe(bytesOf(built.nginx))
      expect(host.files()['sbin/nginx.sessctl-previous']).toBe(bytesOf(old.command))
      expect(await answerOf(host)).toBe('1.22.1')
      expect(await capabilitiesOf(host)).toBe(capabilities)

      const back = await built.goOn(host, ['--rollback'])
      expect(back.stdout).toBe(`${host.sbin}: back to 1.26.3\n`)
      expect(host.files()['sbin/nginx']).toBe(bytesOf(old.command))
      expect(await answerOf(host)).toBe('1.26.3')
      expect(await capabilitiesOf(host)).toBe(capabilities)
    })
    expectNoFailure(seen)
    const [master = 0, ...others] = seen.host.masters()
    expect(others).toEqual([])
    expect(seen.host.runsInstalled(master)).toBe(true)
    expect(existsSync(`${seen.host.pidFile}.oldbin`)).toBe(false)
  })
})

/** Another nginx of the same binary, with a port and a pid file of its own. */
const startBeside = async (host: Host): Promise<Pick<Host, 'port' | 'pidFile'>> => {
  const pidFile = join(host.folder, 'logs/beside.pid')
  const port = await freePort()
  const text = readFileSync(join(host.folder, 'conf/nginx.conf'), 'utf8')
    .replace(`127.0.0.1:${host.port};`, `127.0.0.1:${port};`)
    .replace('logs/nginx.pid', 'logs/beside.pid')
  writeFileSync(join(host.folder, 'conf/beside.conf'), text)
  const args = ['-p', host.folder, '-c', 'conf/beside.conf', '-e', 'logs/error.log']
  spawn(host.sbin, args, { cwd: host.folder, detached: true, stdio: 'ignore' }).unref()
  await until('it accepts connections', () => accepts(port))
  // It listens before it writes its process id.
  await until('it has a pid file', () => existsSync(pidFile) && statSync(pidFile).size > 0)
  return { port, pidFile }
}

withServers(needs, 'keeps file capabilities and ACLs', async ({ toolchain, source, old }) => {
  const built = await newNginx(toolchain, source)
  const host = await startHost({ nginx: old.command })
  const set = await run(['/usr/sbin/setcap', 'cap_net_bind_service=ep', host.sbin], '/', 5_000)
  // Only root can, on a file system that has them.
  if (set.exitCode !== 0) return
  chmodSync(host.sbin, 0o4755)
  const { exitCode, stderr } = await built.upgrade(host, ['--install'])
  expect(exitCode, stderr).toBe(0)
  const { output } = await run(['/usr/sbin/getcap', host.sbin], '/', 5_000)
  expect(output).toContain('cap_net_bind_service=ep')
  expect(statSync(host.sbin).mode & 0o7777).toBe(0o755)
  expect(bytesOf(host.sbin)).toBe(bytesOf(built.nginx))
})

withServers(
  needs,
  'upgrades the instance whose pid file is named, if two run the same binary',
  async (servers) => {
    const built = await newNginx(servers.toolchain, servers.source)
    const host = await startHost({ nginx: servers.old.command })
    const beside = { ...host, ...(await startBeside(host)) }
    const pidOf = () => Number(readFileSync(beside.pidFile, 'utf8'))
    const before = pidOf()
    const result = await built.upgrade(host, ['--upgrade', '--pid', host.pidFile, ...soak])
    expect(result.exitCode, result.stderr).toBe(0)
    expect([await answerOf(host), await answerOf(beside)]).toEqual(['1.22.1', '1.26.3'])
    const back = await built.goOn(host, ['--rollback'])
    expect(back.exitCode, back.stderr).toBe(0)
    expect([await answerOf(host), await answerOf(beside)]).toEqual(['1.26.3', '1.26.3'])
    expect(host.files()['sbin/nginx']).toBe(bytesOf(servers.old.command))
    expect(pidOf()).toBe(before)
    expect(host.masters()).toContain(before)
  },
)

/** Does something when sessctl first says a word. */
const onceSaid = (word: string, work: () => void) => (child: ChildProcess) => {
  let isDone = false
  child.stdin?.end()
  child.stderr?.on('data', (text: string) => {
    if (isDone || !text.includes(word)) return
    isDone = true
    work()
  })
}

/** What must be unchanged after any attempt: the master, its files, and that it is the only master. */
const unchanged = async (
  before: Before,
  work: (host: Host) => Promise<void>,
  check: (seen: { readonly tally: Tally }) => void = expectNoFailure,
): Promise<void> => {
  let [first, files] = [0, {}]
  const seen = await underLoad(before, async (host) => {
    first = host.masters()[0] ?? 0
    files = host.files()
    await work(host)
  })
  check(seen)
  expect(seen.host.masters()).toEqual([first])
  expect(seen.host.files()).toEqual(files)
  expect(seen.host.runsInstalled(first)).toBe(true)
  expect(existsSync(`${seen.host.pidFile}.oldbin`)).toBe(false)
}

describe('a failed upgrade is rolled back without a failed request', () => {
  withServers(needs, 'the new master exits at its start', async ({ toolchain, source }) => {
    const built = await newNginx(toolchain, source)
    await unchanged({ nginx: built.nginx, modules: [built.module] }, async (host) => {
      // After the new nginx was tried on a private port, and long before it is started.
      const whileRunning = onceSaid('install the new files', () =>
        writeFileSync(join(host.folder, 'trouble'), 'start'),
      )
      const { exitCode, stderr } = await built.upgrade(host, ['--upgrade', '--verbose', ...soak], {
        whileRunning,
      })
      expect(stderr).toContain('rolled back: the new nginx exited at startup')
      expect(exitCode).toBe(4)
    })
  })

  withServers(needs, 'the new workers crash during the soak', async ({ toolchain, source }) => {
    const built = await newNginx(toolchain, source)
    const work = async (host: Host): Promise<void> => {
      const [old = 0] = host.masters()
      // As above. The old master may have to start its workers again for the rollback.
      const whileRunning = onceSaid('install the new files', () =>
        writeFileSync(join(host.folder, 'trouble'), `worker ${old}`),
      )
      const args = ['--upgrade', '--verbose', '--soak', '600']
      const { exitCode, stderr } = await built.upgrade(host, args, { whileRunning })
      expect(stderr).toMatch(
        /rolled back: (worker process.* of the new nginx died|.* does not answer)/,
      )
      expect(exitCode).toBe(4)
    }
    // What a worker had accepted, or was answering, is lost with it; no other
    // request may fail.
    const check = ({ tally }: { readonly tally: Tally }): void => {
      // Which of the two it is depends on whether the request was on its way by then.
      const { ECONNRESET = 0, EPIPE = 0, [cut]: answersCut = 0, ...others } = tally.failures
      expect(others).toEqual({})
      expect(ECONNRESET + EPIPE + answersCut).toBeLessThanOrEqual(2 * lanes)
    }
    await unchanged({ nginx: built.nginx, modules: [built.module] }, work, check)
  })

  withServers(
    needs,
    'Ctrl-C during the soak, where a second upgrade is refused',
    async ({ toolchain, source, old }) => {
      const built = await newNginx(toolchain, source)
      await unchanged({ nginx: old.command }, async (host) => {
        let second: ReturnType<typeof built.upgrade> | null = null
        const { exitCode, stderr } = await built.upgrade(
          host,
          ['--upgrade', '--soak', '600', '--verbose'],
          {
            whileRunning: (child) => {
              child.stdin?.end()
              child.stderr?.on('data', (text: string) => {
                if (second !== null || !text.includes('WINCH')) return
                second = built.upgrade(host, ['--upgrade'])
                second.finally(() => child.kill('SIGINT'))
              })
            },
          },
        )
        const refused = await (second as ReturnType<typeof built.upgrade> | null)
        expect(refused?.stderr).toContain('another sessctl is changing')
        expect(refused?.exitCode).toBe(3)
        expect(stderr).toContain('note: the upgrade was rolled back: sessctl was interrupted')
        expect(exitCode).toBe(130)
      })
    },
  )
})

describe('--install', () => {
  withServers(
    needs,
    'changes no process and restores the files',
    async ({ toolchain, source, old }) => {
      const built = await newNginx(toolchain, source)
      const seen = await underLoad({ nginx: old.command }, async (host) => {
        const [first = 0] = host.masters()
        const before = host.files()
        const { exitCode, stdout } = await built.upgrade(host, ['--install'])
        expect(exitCode).toBe(0)
        expect(stdout).toContain(`${host.sbin}  (previous: `)
        expect(host.files()['sbin/nginx']).toBe(bytesOf(built.nginx))
        expect(host.files()['conf/nginx.conf']).toBe(before['conf/nginx.conf'])
        expect(host.masters()).toEqual([first])
        expect(host.runsInstalled(first)).toBe(false)
        expect(await answerOf(host)).toBe('1.26.3')

        expect((await built.goOn(host, ['--rollback'])).exitCode).toBe(0)
        expect(host.files()['sbin/nginx']).toBe(bytesOf(old.command))
        expect(host.masters()).toEqual([first])
      })
      expectNoFailure(seen)
    },
  )
})

describe('an upgrade is refused before anything changes', () => {
  const refused = async (
    before: Before,
    {
      toolchain,
      source,
    }: {
      toolchain: { bin: string; version: string }
      source: { version: string; tarball: string }
    },
    why: RegExp,
  ): Promise<void> => {
    const built = await newNginx(toolchain, source)
    await unchanged(before, async (host) => {
      const tree = host.tree()
      const { exitCode, stderr } = await built.upgrade(host, ['--upgrade'])
      expect(stderr).toMatch(why)
      expect(exitCode).toBe(3)
      expect(host.tree()).toEqual(tree)
    })
  }

  withServers(needs, 'a module of the configuration is incompatible', (servers) => {
    const modules = [...servers.oldDynamic.loadModule.matchAll(/"([^"]+)"/g)].map(
      ([, file]) => file ?? '',
    )
    return refused(
      { nginx: servers.oldDynamic.command, modules },
      servers,
      /jvm_route_module\.so, which the configuration loads, is for nginx 1\.26\.3, not 1\.22\.1/,
    )
  })

  withServers(needs, 'the new binary cannot be executed', async (servers) => {
    const built = await newNginx(servers.toolchain, servers.source)
    await withoutExecution(built.nginx, () =>
      refused({ nginx: servers.old.command }, servers, /nginx could not be run/),
    )
  })

  withServers(needs, 'daemon is off', (servers) =>
    refused(
      { nginx: servers.old.command, args: ['-g', 'daemon off;'] },
      servers,
      /runs with "daemon off".*\n.*Docker: .* systemd: .* supervisord: /,
    ),
  )

  withServers(needs, 'nginx was started by a relative path', (servers) =>
    refused(
      { nginx: servers.old.command, isRelative: true },
      servers,
      /relative path "sbin\/nginx".*\n.*restart nginx once with its absolute path/,
    ),
  )
})

withServers(needs, 'commands that change nothing leave the tree as it was', async (servers) =>
  checkUnchanged(await newNginx(servers.toolchain, servers.source), servers.old.command),
)

withServers(
  needs,
  'names the package of a file, and the printed commands keep the new file',
  async ({ toolchain, source, old }) =>
    checkPackaged(await newNginx(toolchain, source), old.command, toolchain.bin),
)

withServers(
  needs,
  'keeps several versions, and returns to each of them',
  async ({ toolchain, source, old }) =>
    checkVersions(await newNginx(toolchain, source), old.command),
)

withServers(
  needs,
  'a master of another user is upgraded by that user',
  async ({ toolchain, source, old }) =>
    checkOtherUser(await newNginx(toolchain, source), old.command),
)
