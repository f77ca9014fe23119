import { basename, dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import { filesOfGeneration, generationsOf, historyAfter } from '../../core/upgrade/generations.ts'
import type { Generation, Journal } from '../../core/upgrade/journal.ts'
import { resumed } from '../../core/upgrade/state.ts'
import type { Engine } from '../engine.ts'
import type { UpgradeServices } from './actions.ts'
import { type Driven, drive, settle } from './drive.ts'
import { keptFile } from './files.ts'
import { type InstallResult, installLocked } from './install.ts'
import { type Tidy, withLockedNginx } from './locked.ts'
import { findMaster } from './masters.ts'
import { observeHost } from './observe.ts'
import type { InstallRequest } from './prepare.ts'
import type { Placed } from './private-nginx.ts'

/** How a run ended that went on with another's journal. */
export interface Resumed {
  readonly end: 'done' | 'rolled-back'
  readonly text: string
  readonly installed: InstallResult | null
}

/** A signal that was sent just before we were killed must have shown. */
const settleMs = 500

/** The machine was restarted: process ids and the age of the pid file mean nothing any more. */
const rebased = (journal: Journal, { world }: UpgradeServices): Journal => {
  const { master } = journal
  if (journal.boot === world.running.boot() || master === null) return journal
  return {
    ...journal,
    state: { ...journal.state, wasBorn: false },
    master: { ...master, pidFileSeen: world.durable.version(master.pidFile) ?? '' },
  }
}

/** Which version is wanted back, and how many are kept. */
export interface Wanted {
  /** 0: the newest of those that are kept. */
  readonly generation: number
  readonly keep: number
}

/** Where the files of a kept version are. */
const filesToRestore = (
  { sbin }: Journal,
  all: readonly Generation[],
  generation: number,
  { world }: UpgradeServices,
): readonly Placed[] => {
  if (all.length === 0)
    throw new BuildError(`no previous version is kept next to ${sbin}`, {
      help: 'sessctl keeps the files that an upgrade replaces, and has replaced none here',
    })
  if (all[generation] === undefined)
    throw new BuildError(`only ${all.length} previous versions are kept next to ${sbin}`, {
      help: 'list them with --rollback --dry-run',
    })
  return filesOfGeneration(all, generation).map((file) => {
    const from = keptFile(file, world.durable)
    if (from !== null) return { from, to: file.to }
    throw new BuildError(`the previous version of ${file.to} no longer exists`, {
      help: 'choose another version: --rollback --dry-run lists them, --generation NUMBER returns to one',
    })
  })
}

/** The old files become the new ones, and all is as in any other upgrade. */
const reverse = async (
  journal: Journal,
  { generation, keep }: Wanted,
  engine: Engine,
  services: UpgradeServices,
  tidy: Tidy,
): Promise<Resumed> => {
  const { sbin, master, limits, probe } = journal
  const { world } = services
  const all = generationsOf(journal)
  const files = filesToRestore(journal, all, generation, services)
  const pidFile = master?.pidFile ?? null
  // The one that was upgraded: others may run the same binary.
  const isRunning =
    pidFile !== null && (await findMaster(sbin, pidFile, world).catch(() => null)) !== null
  const wanted: InstallRequest = {
    kind: isRunning ? 'upgrade' : 'install',
    files,
    sbin,
    pidFile: isRunning ? pidFile : null,
    probe,
    limits,
    keep,
  }
  const history = historyAfter(all, generation, keep)
  const installed = await installLocked(wanted, history, engine, services, tidy)
  return { end: 'rolled-back', text: `back to ${installed.to}`, installed }
}

const continueUpgrade = async (
  journal: Journal,
  goal: 'forward' | 'back',
  engine: Engine,
  services: UpgradeServices,
): Promise<Driven> =>
  engine.run('upgrade', async (tools) => {
    const reason = goal === 'back' ? 'requested by --rollback' : null
    const start = { ...rebased(journal, services), state: resumed(journal.state, goal, reason) }
    const driven = await drive(start, services, tools)
    const isWanted = goal === 'back' && driven.end === 'rolled-back'
    if (!isWanted) settle(driven, services, tools)
    return { value: driven, summary: driven.note ?? driven.end, isCached: false }
  })

const rollBack = async (
  journal: Journal,
  wanted: Wanted,
  engine: Engine,
  services: UpgradeServices,
  tidy: Tidy,
): Promise<Resumed> => {
  if (journal.end === 'done') return reverse(journal, wanted, engine, services, tidy)
  const { old, fresh } = await observeHost(journal, services.world)
  const isOver = fresh !== null && (old === null || journal.state.stage === 'quit')
  if (isOver) {
    // The old processes cannot be had again: the new nginx is made whole first.
    const { journal: ended } = await continueUpgrade(journal, 'forward', engine, services)
    return reverse(ended, wanted, engine, services, tidy)
  }
  await continueUpgrade(journal, 'back', engine, services)
  return {
    end: 'rolled-back',
    text: 'the old nginx serves again, from its own files',
    installed: null,
  }
}

/** Goes on where a run was killed, or back; back also after it is done. */
export const resume = (
  sbin: string,
  goal: 'forward' | 'back',
  wanted: Wanted,
  engine: Engine,
  services: UpgradeServices,
): Promise<Resumed> =>
  withLockedNginx(sbin, services.world, async (journal, tidy) => {
    if (journal === null)
      throw new BuildError(`${sbin} has no unfinished upgrade`, {
        help: `${dirname(sbin)} has no ${basename(sbin)}.sessctl-journal; set another nginx with --sbin`,
      })
    await services.world.running.pause(settleMs)
    if (goal === 'back') return rollBack(journal, wanted, engine, services, tidy)
    if (journal.end === 'done')
      return { end: 'done', text: 'the upgrade is already complete', installed: null }
    await continueUpgrade(journal, 'forward', engine, services)
    return { end: 'done', text: 'the new nginx serves', installed: null }
  })
