import { BuildError } from '../../../errors.ts'
import {
  type Entry,
  freshName,
  type Journal,
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

/** What was only needed on the way goes; the old files of a finished way are one step away. */
export const removeStaged = async ({ entries, end }: Journal, durable: Durable): Promise<void> => {
  for (const { to, old, fresh } of entries) {
    if (durable.identity(freshName(to)) === fresh) await durable.remove(freshName(to))
    if (old === null || durable.identity(keptName(to)) !== old) continue
    if (end === 'done') await durable.rename(keptName(to), previousName(to))
    else await durable.remove(keptName(to))
  }
}
