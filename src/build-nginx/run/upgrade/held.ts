import { BuildError } from '../../../errors.ts'
import { claimFile, type Journal, journalFile, parseJournal } from '../../core/upgrade/journal.ts'
import type { BuildWorld } from '../../ports/build.ts'
import { tidy } from './files.ts'
import { requireRootsOwn } from './foreign.ts'

const readJournal = async (sbin: string, world: BuildWorld): Promise<Journal | null> => {
  const file = journalFile(sbin)
  // It says which program is started, and which process gets a signal.
  requireRootsOwn(file, world)
  const bytes = await world.disk.readIfThere(file)
  if (bytes === null) return null
  const journal = parseJournal(new TextDecoder().decode(bytes))
  if (journal !== null) return journal
  throw new BuildError(`${file} is no journal of this release of sessctl`, {
    help: 'end the upgrade with the release that began it, or look after the masters yourself and remove the file',
  })
}

/** One that had ended, and was killed before all was put away. */
const ended = async (journal: Journal | null, { durable }: BuildWorld): Promise<Journal | null> => {
  if (journal === null || journal.end === null) return journal
  await tidy(journal, durable)
  if (journal.end === 'done') return journal
  await durable.remove(journalFile(journal.sbin))
  return null
}

/**
 * Runs work on one installed nginx while no other sessctl does.
 * @param work gets the journal of the last time, if there is one.
 */
export const holding = async <Result>(
  sbin: string,
  world: BuildWorld,
  work: (before: Journal | null) => Promise<Result>,
): Promise<Result> => {
  const release = await world.durable.claim(claimFile(sbin))
  if (release === null)
    throw new BuildError(`another sessctl is about to change ${sbin}`, {
      help: 'wait until it has ended',
    })
  try {
    return await work(await ended(await readJournal(sbin, world), world))
  } finally {
    release()
  }
}
