import { BuildError } from '../../../errors.ts'
import { agedName } from '../../core/upgrade/generations.ts'
import {
  type Entry,
  earlierJournalFile,
  freshName,
  type Journal,
  journalFile,
  keptName,
  previousName,
} from '../../core/upgrade/journal.ts'
import type { Durable } from '../../ports/upgrade.ts'

/** The old file gets a second name before the new one takes its own: there is never none. */
const swapOne = async ({ to, old, fresh }: Entry, durable: Durable): Promise<void> => {
  const now = durable.identity(to)
  if (now === fresh) return
  if (now !== old) throw new BuildError(`another program replaced ${to}`)
  if (old !== null) await durable.link(to, keptName(to))
  if (durable.identity(freshName(to)) !== fresh)
    throw new BuildError(`${freshName(to)} no longer exists`)
  await durable.rename(freshName(to), to)
}

/** Modules first: the new binary is what needs them. */
export const swapAll = async ({ entries }: Journal, durable: Durable): Promise<void> => {
  for (const entry of entries) await swapOne(entry, durable)
}

const restoreOne = async ({ to, old, fresh }: Entry, durable: Durable): Promise<void> => {
  const now = durable.identity(to)
  if (now === old) return
  if (now !== fresh) throw new BuildError(`another program replaced ${to}`)
  if (old === null) await durable.remove(to)
  else if (durable.identity(keptName(to)) === old) await durable.rename(keptName(to), to)
  else throw new BuildError(`${keptName(to)}, the old ${to}, no longer exists`)
}

export const restoreAll = async ({ entries }: Journal, durable: Durable): Promise<void> => {
  for (const entry of [...entries].reverse()) await restoreOne(entry, durable)
}

/** Where a file of an older version is; null: it no longer exists. */
export const keptFile = (
  { to, identity, replacedAt }: Journal['discarded'][number],
  durable: Durable,
): string | null =>
  [previousName(to), agedName(to, replacedAt)].find(
    (path) => durable.identity(path) === identity,
  ) ?? null

/** The new previous version takes the name of the one before, which is kept by its time. */
const keepOld = async (to: string, { generations }: Journal, durable: Durable): Promise<void> => {
  const identity = durable.identity(previousName(to))
  const older = generations.find(({ files }) =>
    files.some((file) => file.to === to && file.identity === identity),
  )
  if (older !== undefined) await durable.rename(previousName(to), agedName(to, older.replacedAt))
  await durable.rename(keptName(to), previousName(to))
}

/** What was only needed on the way goes; the old files of a finished way are one step away. */
export const removeStaged = async (journal: Journal, durable: Durable): Promise<void> => {
  const isDone = journal.end === 'done'
  for (const one of isDone ? journal.discarded : []) {
    const path = keptFile(one, durable)
    if (path !== null) await durable.remove(path)
  }
  for (const { to, old, fresh } of journal.entries) {
    if (durable.identity(freshName(to)) === fresh) await durable.remove(freshName(to))
    if (old === null || durable.identity(keptName(to)) !== old) continue
    if (isDone) await keepOld(to, journal, durable)
    else await durable.remove(keptName(to))
  }
  await settleJournal(journal, durable)
}

/** After a rollback the upgrade before is the last one again. */
const settleJournal = async ({ sbin, end }: Journal, durable: Durable): Promise<void> => {
  const earlier = earlierJournalFile(sbin)
  const isThere = durable.identity(earlier) !== null
  if (end === 'done') {
    if (isThere) await durable.remove(earlier)
  } else if (isThere) await durable.rename(earlier, journalFile(sbin))
  else await durable.remove(journalFile(sbin))
}
