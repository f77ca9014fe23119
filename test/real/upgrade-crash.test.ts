import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { until } from '../module/support/until.ts'
import { findVariant } from '../module/support/variants.ts'
import { findNginxSource } from './support/build.ts'
import { findToolchain, type Missing, withServers } from './support/servers.ts'
import { bytesOf, type NewNginx, newNginx } from './upgrade/builds.ts'
import { type Host, startHost } from './upgrade/host.ts'
import { startLoad } from './upgrade/load.ts'
import { type Change, type Power, powerSwitch } from './upgrade/power.ts'

vi.setConfig({ testTimeout: 900_000 })

const needs = {
  toolchain: findToolchain(),
  source: findNginxSource('1.22'),
  old: findVariant('1.26', 'static'),
}

const quick = ['--soak', '0.2']

/** Of the load on each of many hosts: without a longer one the load is most of what this test costs. */
const pause = 20

/** Names of files that exist only during an upgrade. */
const leftovers = /sessctl-(new|kept|lock)|\.oldbin|sessctl-journal\.draft/

const expectOneHealthy = (host: Host, binary: string): void => {
  const [master = 0, ...others] = host.masters()
  expect(others).toEqual([])
  expect(host.runsInstalled(master)).toBe(true)
  expect(readFileSync(host.pidFile, 'utf8').trim()).toBe(`${master}`)
  const files = host.files()
  expect(files['sbin/nginx'] === binary).toBe(true)
  expect(Object.keys(files).filter((name) => leftovers.test(name))).toEqual([])
  expect(existsSync(`${host.pidFile}.oldbin`)).toBe(false)
}

interface Cut {
  readonly change: Change
  readonly goal: '--resume-upgrade' | '--rollback'
}

interface Met {
  readonly toolchain: Exclude<typeof needs.toolchain, Missing>
  readonly source: Exclude<typeof needs.source, Missing>
  readonly old: Exclude<typeof needs.old, Missing>
}

interface Subject {
  readonly built: NewNginx
  readonly old: string
  readonly power: Power
}

/** A run without a cut: a signal that is repeated for a slow master is not sent in every run. */
const expectEndedBefore = (change: Change, host: Host, binary: string, { power }: Subject) => {
  expect(power.changes(host)).not.toContainEqual(change)
  expectOneHealthy(host, binary)
}

const lastChange = (host: Host, { power }: Subject): string =>
  power.changes(host).at(-1)?.pattern ?? 'the first'

/** One power cut and what is done about it, under load. */
const cutAndGoOn = async ({ change, goal }: Cut, subject: Subject): Promise<void> => {
  const { built, old, power } = subject
  const host = await startHost({ nginx: old })
  const config = host.files()['conf/nginx.conf']
  const load = startLoad(host.port, pause)
  const env = power.cutBefore(host, change)
  const cut = await built.upgrade(host, ['--upgrade', ...quick], { env })
  const what = `cut before ${lastChange(host, subject)}, ${goal}`
  if (cut.exitCode === 0) {
    await load.stop()
    expectEndedBefore(change, host, bytesOf(built.nginx), subject)
    return
  }
  expect(cut.signal, `${what}\n${cut.stderr}`).toBe('SIGKILL')
  const isBegun = host.files()['sbin/nginx.sessctl-journal'] !== undefined
  const { exitCode, stderr } = await built.goOn(host, [goal])
  const tally = await load.stop()
  expect(tally.failures, what).toEqual({})
  expect(host.files()['conf/nginx.conf'], what).toBe(config)
  if (isBegun) {
    expect(exitCode, `${what}\n${stderr}`).toBe(0)
    expectOneHealthy(host, bytesOf(goal === '--rollback' ? old : built.nginx))
    return
  }
  // The upgrade had not begun: only the new files had been written.
  expect(exitCode, what).toBe(3)
  expect(stderr).toContain('no unfinished upgrade')
  expect(host.files()['sbin/nginx']).toBe(bytesOf(old))
}

const atOnce = 3

const inTurns = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const rest = [...items]
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

withServers(
  needs,
  'recovers from a power cut before each change with --resume-upgrade or --rollback',
  async (servers) => {
    const subject = await subjectOf(servers)
    const host = await startHost({ nginx: subject.old })
    const env = subject.power.cutBefore(host, null)
    const whole = await subject.built.upgrade(host, ['--upgrade', ...quick], { env })
    expect(whole.exitCode, whole.stderr).toBe(0)
    const changes = subject.power.changes(host)
    // A slow master may get a signal twice.
    const first = changes.filter(({ nth }) => nth === 1).map(({ pattern }) => pattern)
    expect(first.filter((pattern) => pattern.startsWith('signal'))).toEqual([
      'signal 12',
      'signal 28',
      'signal 3',
    ])
    expect(changes.filter(({ pattern }) => pattern === 'sbin/nginx')).toHaveLength(1)
    const journals = changes.filter(({ pattern }) => pattern.endsWith('sessctl-journal'))
    expect(journals.length).toBeGreaterThanOrEqual(7)
    // Both ways where nginx itself is touched; of the rest each way every other time.
    const goals = ['--resume-upgrade', '--rollback'] as const
    const cuts = changes.flatMap((change, index): readonly Cut[] =>
      goals
        .filter((_, at) => /signal|sbin\/nginx$/.test(change.pattern) || index % 2 === at)
        .map((goal) => ({ change, goal })),
    )
    await inTurns(cuts, (cut) => cutAndGoOn(cut, subject))
  },
)

/** Answers until there is a file `sick`, which appears in the soak. */
const server = 'location = /health { if (-f sick) { return 503; } return 204; }'

/** An upgrade that is rolled back during its soak, interrupted before a change; null: never. */
const goBack = async (change: Change | null, { built, old, power }: Subject) => {
  const host = await startHost({ nginx: old, server })
  const probe = `http://127.0.0.1:${host.port}/health`
  const args = ['--upgrade', '--verbose', '--soak', '600', '--probe', probe]
  const load = startLoad(host.port, pause)
  const run = await built.upgrade(host, args, {
    env: power.cutBefore(host, change),
    whileRunning: (child) => {
      child.stdin?.end()
      child.stderr?.on('data', (text: string) => {
        if (text.includes('WINCH')) writeFileSync(join(host.folder, 'sick'), '')
      })
    },
  })
  return { host, load, run }
}

withServers(needs, 'recovers from a power cut during a rollback', async (servers) => {
  const subject = await subjectOf(servers)
  const whole = await goBack(null, subject)
  await whole.load.stop()
  expect(whole.run.exitCode, whole.run.stderr).toBe(4)
  const changes = subject.power.changes(whole.host)
  const winch = changes.findIndex(({ pattern }) => pattern === 'signal 28')
  // HUP to the old master, QUIT to the new one, and the old file in its place.
  const needed = ['signal 1', 'signal 3', 'sbin/nginx']
  const cuts = [...changes.slice(winch + 1).entries()]
  expect(cuts.map(([, { pattern }]) => pattern)).toEqual(expect.arrayContaining(needed))
  const seen: string[] = []
  await inTurns(cuts, async ([index, change]) => {
    const { host, load, run } = await goBack(change, subject)
    if (run.signal === null) {
      await load.stop()
      expect(run.exitCode, run.stderr).toBe(4)
      expectEndedBefore(change, host, bytesOf(subject.old), subject)
      return
    }
    expect(run.signal).toBe('SIGKILL')
    seen.push(lastChange(host, subject))
    const goal = index % 2 === 0 ? '--rollback' : '--resume-upgrade'
    const { exitCode, stderr } = await subject.built.goOn(host, [goal])
    const tally = await load.stop()
    const what = `cut before ${lastChange(host, subject)}, ${goal}\n${stderr}`
    expect(tally.failures, what).toEqual({})
    // 3: it had been recovered already.
    expect(goal === '--rollback' ? [0, 3] : [4, 3], what).toContain(exitCode)
    expectOneHealthy(host, bytesOf(subject.old))
  })
  expect(seen).toEqual(expect.arrayContaining(needed))
})

const during = 1_000

withServers(
  needs,
  'keeps serving if the upgrade is rolled back before the old master handles WINCH',
  async (servers) => {
    const { built, old } = await subjectOf(servers)
    const host = await startHost({ nginx: old, server })
    const [master = 0] = host.masters()
    const load = startLoad(host.port, pause)
    const probe = `http://127.0.0.1:${host.port}/health`
    const args = ['--upgrade', '--verbose', '--soak', '600', '--probe', probe]
    // A stopped master handles no signal: the busiest machine there can be.
    const stopAfterTheNewOneStarted = async (): Promise<void> => {
      const named = () =>
        existsSync(host.pidFile) ? readFileSync(host.pidFile, 'utf8').trim() : ''
      await until('the new master has its pid file', () => !['', `${master}`].includes(named()))
      process.kill(master, 'SIGSTOP')
    }
    const stopped: Promise<void>[] = []
    const run = await built.upgrade(host, args, {
      whileRunning: (child) => {
        child.stdin?.end()
        child.stderr?.on('data', (text: string) => {
          if (text.includes('USR2')) stopped.push(stopAfterTheNewOneStarted())
          if (text.includes('WINCH')) writeFileSync(join(host.folder, 'sick'), '')
          if (text.includes('rolling back'))
            setTimeout(() => process.kill(master, 'SIGCONT'), during)
        })
      },
    })
    await Promise.all(stopped)
    expect(run.exitCode, run.stderr).toBe(4)
    expect(run.stderr).toMatch(/WINCH.*rolling back.*HUP.*QUIT to the new master/s)
    const answers = load.answers()
    await until('the old workers answer', () => load.answers() > answers + 20)
    expect((await load.stop()).failures, run.stderr).toEqual({})
    expectOneHealthy(host, bytesOf(old))
  },
)

/** Cuts an upgrade before a signal. */
const cutBeforeSignal = async (
  signal: number,
  { built, old, power }: Subject,
): Promise<{ readonly host: Host; readonly journal: string }> => {
  const host = await startHost({ nginx: old })
  const env = power.cutBefore(host, { pattern: `signal ${signal}`, nth: 1 })
  const cut = await built.upgrade(host, ['--upgrade', ...quick], { env })
  expect(cut.signal).toBe('SIGKILL')
  return { host, journal: `${host.sbin}.sessctl-journal` }
}

const change = (file: string, edit: (text: string) => string): void =>
  writeFileSync(file, edit(readFileSync(file, 'utf8')))

const subjectOf = async ({ toolchain, source, old }: Met): Promise<Subject> => ({
  built: await newNginx(toolchain, source),
  old: old.command,
  power: await powerSwitch(toolchain),
})

withServers(
  needs,
  'does not signal another process that has the process id of the old master',
  async (servers) => {
    const subject = await subjectOf(servers)
    const { host, journal } = await cutBeforeSignal(12, subject)
    host.kill()
    // Its number is ours by now: USR2 or QUIT would be the end of this test.
    change(journal, (text) => text.replace(/"pid": \d+/, `"pid": ${process.pid}`))
    const { exitCode, stderr } = await subject.built.goOn(host, ['--resume-upgrade'])
    expect(stderr).toContain('rolled back: the old master has exited')
    expect(exitCode).toBe(4)
    expectOneHealthy(host, bytesOf(subject.old))
  },
)

const otherBoot = (text: string): string => text.replace(/"boot": "[^"]*"/, '"boot": "another"')

withServers(needs, 'restores the files after a reboot and starts no process', async (servers) => {
  const subject = await subjectOf(servers)
  const { host, journal } = await cutBeforeSignal(28, subject)
  host.kill()
  change(journal, otherBoot)
  expect((await subject.built.goOn(host, ['--rollback'])).exitCode).toBe(0)
  expect(host.masters()).toEqual([])
  expect(host.files()['sbin/nginx']).toBe(bytesOf(subject.old))
})

withServers(
  needs,
  'completes the upgrade after a reboot if the new nginx was started',
  async (servers) => {
    const subject = await subjectOf(servers)
    const { host, journal } = await cutBeforeSignal(28, subject)
    host.kill()
    change(journal, otherBoot)
    await host.start()
    const { exitCode, stderr } = await subject.built.goOn(host, ['--resume-upgrade'])
    expect(stderr).toMatch(/upgrade +done/)
    expect(exitCode).toBe(0)
    expectOneHealthy(host, bytesOf(subject.built.nginx))
  },
)
