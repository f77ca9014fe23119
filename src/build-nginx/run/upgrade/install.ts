import { BuildError } from '../../../errors.ts'
import { generationsOf, type History, historyAfter } from '../../core/upgrade/generations.ts'
import {
  earlierJournalFile,
  type Journal,
  journalFile,
  previousName,
} from '../../core/upgrade/journal.ts'
import type { Engine, StepTools } from '../engine.ts'
import type { UpgradeServices } from './actions.ts'
import { type Driven, drive, settle } from './drive.ts'
import { type Tidy, withLockedNginx } from './locked.ts'
import { type InstallRequest, type Prepared, prepare } from './prepare.ts'

/** What was changed on this host. */
export interface InstallResult {
  readonly files: readonly { readonly file: string; readonly previous: string | null }[]
  readonly from: string | null
  readonly to: string
  /** Null: no process was touched. */
  readonly masters: { readonly old: number; readonly new: number } | null
}

const resultOf = ({ journal }: Driven, { from, to }: Prepared): InstallResult => {
  const { master, fresh, entries } = journal
  return {
    files: entries.map((entry) => ({
      file: entry.to,
      previous: entry.old === null ? null : previousName(entry.to),
    })),
    from,
    to,
    masters: master === null || fresh === null ? null : { old: master.id.pid, new: fresh.pid },
  }
}

const releases = ({ from, to }: Prepared): string => (from === null ? to : `${from} → ${to}`)

const run = async (
  prepared: Prepared,
  services: UpgradeServices,
  tools: StepTools,
): Promise<{
  readonly value: InstallResult
  readonly summary: string
  readonly isCached: boolean
}> => {
  const driven = await drive(prepared.journal, services, tools)
  settle(driven, services, tools)
  const value = resultOf(driven, prepared)
  const { masters } = value
  const what = masters === null ? prepared.journal.sbin : `master ${masters.old} → ${masters.new}`
  return { value, summary: `${releases(prepared)}, ${what}`, isCached: false }
}

/** A rollback brings the journal of the upgrade before back. */
const keepJournal = async ({ sbin }: InstallRequest, { world }: UpgradeServices): Promise<void> => {
  const { durable } = world
  if (durable.identity(journalFile(sbin)) !== null)
    await durable.link(journalFile(sbin), earlierJournalFile(sbin))
}

/**
 * The steps `install` and `upgrade`, on an nginx that is ours.
 * @param history the older versions that are kept.
 */
export const installLocked = async (
  wanted: InstallRequest,
  history: History,
  engine: Engine,
  services: UpgradeServices,
  tidy: Tidy,
): Promise<InstallResult> => {
  const ready = async (tools: StepTools): Promise<Prepared> => {
    const prepared = await prepare(wanted, services, tools, tidy, history)
    await keepJournal(wanted, services)
    return prepared
  }
  if (wanted.kind === 'install')
    return engine.run('install', async (tools) => run(await ready(tools), services, tools))
  const prepared = await engine.run('install', async (tools) => {
    const value = await ready(tools)
    const count = value.journal.entries.length
    const files = count === 1 ? '1 file is' : `${count} files are`
    return { value, summary: `${files} staged, and the modules fit`, isCached: false }
  })
  return engine.run('upgrade', (tools) => run(prepared, services, tools))
}

const requireFinished = (before: Journal | null): void => {
  if (before === null || before.end !== null) return
  throw new BuildError(
    `the upgrade of ${before.sbin} that began at ${before.startedAt} is not finished`,
    {
      help: `finish it first: sessctl build-nginx --resume-upgrade --sbin ${before.sbin}, or --rollback`,
    },
  )
}

/** Puts a new nginx in the place of the old one, and with `upgrade` lets it serve. */
export const install = (
  wanted: InstallRequest,
  engine: Engine,
  services: UpgradeServices,
): Promise<InstallResult> =>
  withLockedNginx(wanted.sbin, services.world, (before, tidy) => {
    requireFinished(before)
    const history = historyAfter(generationsOf(before), null, wanted.keep)
    return installLocked(wanted, history, engine, services, tidy)
  })
