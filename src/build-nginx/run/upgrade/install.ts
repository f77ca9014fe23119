import { BuildError } from '../../../errors.ts'
import { type Journal, previousName } from '../../core/upgrade/journal.ts'
import type { Engine, StepTools } from '../engine.ts'
import type { UpgradeServices } from './actions.ts'
import { type Driven, drive, settle } from './drive.ts'
import { withLockedNginx } from './locked.ts'
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

/** The steps `install` and `upgrade`, on an nginx that is ours. */
export const installLocked = async (
  wanted: InstallRequest,
  engine: Engine,
  services: UpgradeServices,
): Promise<InstallResult> => {
  if (wanted.kind === 'install')
    return engine.run('install', async (tools) =>
      run(await prepare(wanted, services, tools), services, tools),
    )
  const prepared = await engine.run('install', async (tools) => {
    const value = await prepare(wanted, services, tools)
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
  withLockedNginx(wanted.sbin, services.world, (before) => {
    requireFinished(before)
    return installLocked(wanted, engine, services)
  })
