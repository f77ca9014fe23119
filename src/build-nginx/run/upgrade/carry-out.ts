import { BuildError } from '../../../errors.ts'
import { type Journal, previousName } from '../../core/upgrade/journal.ts'
import type { Engine, StepTools } from '../engine.ts'
import type { Hands } from './actions.ts'
import { type Driven, drive } from './drive.ts'
import { holding } from './held.ts'
import { type Prepared, prepare, type Wanted } from './prepare.ts'
import { settle } from './settle.ts'

/** What was changed on this host. */
export interface Carried {
  readonly files: readonly { readonly file: string; readonly previous: string | null }[]
  readonly from: string | null
  readonly to: string
  /** Null: no process was touched. */
  readonly masters: { readonly old: number; readonly new: number } | null
}

const carriedOf = ({ journal }: Driven, { from, to }: Prepared): Carried => {
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
  hands: Hands,
  tools: StepTools,
): Promise<{ readonly value: Carried; readonly summary: string; readonly isCached: boolean }> => {
  const driven = await drive(prepared.journal, hands, tools)
  settle(driven, hands, tools)
  const value = carriedOf(driven, prepared)
  const { masters } = value
  const what = masters === null ? prepared.journal.sbin : `master ${masters.old} → ${masters.new}`
  return { value, summary: `${releases(prepared)}, ${what}`, isCached: false }
}

/** The steps `install` and `upgrade`, on an nginx that is ours. */
export const carryOutHeld = async (
  wanted: Wanted,
  engine: Engine,
  hands: Hands,
): Promise<Carried> => {
  if (wanted.kind === 'install')
    return engine.run('install', async (tools) =>
      run(await prepare(wanted, hands, tools), hands, tools),
    )
  const prepared = await engine.run('install', async (tools) => {
    const value = await prepare(wanted, hands, tools)
    const count = value.journal.entries.length
    const files = count === 1 ? '1 file is' : `${count} files are`
    return { value, summary: `${files} ready beside the old, and fit`, isCached: false }
  })
  return engine.run('upgrade', (tools) => run(prepared, hands, tools))
}

const checkEnded = (before: Journal | null): void => {
  if (before === null || before.end !== null) return
  throw new BuildError(
    `an upgrade of ${before.sbin} from ${before.startedAt} was left in the middle`,
    {
      help: `end it first: sessctl build-nginx --resume-upgrade --sbin ${before.sbin}, or --rollback`,
    },
  )
}

/** Puts a new nginx in the place of the old one, and with `upgrade` lets it serve. */
export const carryOut = (wanted: Wanted, engine: Engine, hands: Hands): Promise<Carried> =>
  holding(wanted.sbin, hands.world, (before) => {
    checkEnded(before)
    return carryOutHeld(wanted, engine, hands)
  })
