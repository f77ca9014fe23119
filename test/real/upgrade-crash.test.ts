import { existsSync, readFileSync } from 'node:fs'
import { expect, vi } from 'vitest'
import { findVariant } from '../module/support/variants.ts'
import { findNginxSource } from './support/build.ts'
import { findToolchain, withServers } from './support/servers.ts'
import { bytesOf, type NewNginx, newNginx } from './upgrade/builds.ts'
import { type Host, startHost } from './upgrade/host.ts'
import { startLoad } from './upgrade/load.ts'
import { type Power, powerSwitch } from './upgrade/power.ts'

vi.setConfig({ testTimeout: 900_000 })

const needs = {
  toolchain: findToolchain(),
  source: findNginxSource('1.22'),
  old: findVariant('1.26', 'static'),
}

const quick = ['--soak', '0.2']

/** Names that an upgrade leaves behind only while it is under way. */
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
  readonly change: number
  readonly goal: '--resume-upgrade' | '--rollback'
}

interface Subject {
  readonly built: NewNginx
  readonly old: string
  readonly power: Power
}

/** One power cut and what is done about it, under load. */
const cutAndGoOn = async ({ change, goal }: Cut, { built, old, power }: Subject): Promise<void> => {
  const host = await startHost({ nginx: old })
  const config = host.files()['conf/nginx.conf']
  const load = startLoad(host.port)
  const env = power.cutAt(host, change)
  const cut = await built.upgrade(host, ['--upgrade', ...quick], { env })
  const what = `cut before change ${power.changes(host).at(-1)}, ${goal}`
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
  // Nothing was begun: only the new files stood beside the old ones.
  expect(exitCode, what).toBe(3)
  expect(stderr).toContain('no upgrade of')
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
  'a power cut before each change, then --resume-upgrade or --rollback',
  async ({ toolchain, source, old }) => {
    const subject = {
      built: await newNginx(toolchain, source),
      old: old.command,
      power: await powerSwitch(toolchain),
    }
    const host = await startHost({ nginx: old.command })
    const env = subject.power.cutAt(host, 0)
    const whole = await subject.built.upgrade(host, ['--upgrade', ...quick], { env })
    expect(whole.exitCode).toBe(0)
    const changes = subject.power.changes(host)
    const count = (what: RegExp) => changes.filter((line) => what.test(line)).length
    expect({
      signals: count(/signal \d+$/),
      journals: count(/sessctl-journal$/),
      swaps: count(/sbin\/nginx$/),
    }).toEqual({ signals: 3, journals: 7, swaps: 1 })
    const cuts = changes.flatMap((_, index): readonly Cut[] => [
      { change: index + 1, goal: '--resume-upgrade' },
      { change: index + 1, goal: '--rollback' },
    ])
    await inTurns(cuts, (cut) => cutAndGoOn(cut, subject))
  },
)
