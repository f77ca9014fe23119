import { dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import { claimFile, type Journal, journalFile, parseJournal } from '../../core/upgrade/journal.ts'
import type { BuildWorld } from '../../ports/build.ts'
import { removeStaged } from './files.ts'

/** As root, whoever may change a file that is executed or replaced is root as well. */
const remedy = (owner: number): string =>
  owner === 0
    ? 'remove the write permission of others (chmod go-w), if you trust its content'
    : `run sessctl as that user (setpriv --reuid=${owner} --regid=… --clear-groups, sudo -u), or change the owner to root, if you trust its content`

/**
 * The way to a file that root is about to execute or to replace.
 * @param path as it was named: links on the way count, too.
 * @throws BuildError when this runs as root, and another user may exchange the file.
 */
export const requireRootsOwn = (
  path: string,
  { durable, userId }: Pick<BuildWorld, 'durable' | 'userId'>,
): void => {
  if (userId !== 0) return
  // In a sticky folder, others could make the files that are written beside it.
  const found = durable.foreign(path, 'whole') ?? durable.foreign(dirname(path), 'itself')
  if (found === null) return
  throw new BuildError(
    `${path} is not changed as root: another user could replace it\n  ${found.path}: ${found.why}`,
    { help: remedy(found.owner) },
  )
}

const readJournal = async (sbin: string, world: BuildWorld): Promise<Journal | null> => {
  const file = journalFile(sbin)
  // It says which program is started, and which process gets a signal.
  requireRootsOwn(file, world)
  const bytes = await world.disk.readIfThere(file)
  if (bytes === null) return null
  const journal = parseJournal(new TextDecoder().decode(bytes))
  if (journal !== null) return journal
  throw new BuildError(`${file} is not a journal of this release of sessctl`, {
    help: 'finish the upgrade with the release of sessctl that began it, or finish it by hand and remove the file',
  })
}

/** One that had ended, and was killed before all was put away. */
const ended = async (journal: Journal | null, world: BuildWorld): Promise<Journal | null> => {
  if (journal === null || journal.end === null) return journal
  await removeStaged(journal, world.durable)
  return journal.end === 'done' ? journal : readJournal(journal.sbin, world)
}

/** What a run may have to put right at its end. */
export interface Tidy {
  /** Before the first file is written to a folder, so that it keeps its times if nothing is installed. */
  readonly watch: (folder: string) => void
}

/**
 * Runs work on one installed nginx while no other sessctl does.
 * @param work gets the journal of the last time, if there is one.
 */
export const withLockedNginx = async <Result>(
  sbin: string,
  world: BuildWorld,
  work: (before: Journal | null, tidy: Tidy) => Promise<Result>,
): Promise<Result> => {
  const folders = new Map<string, () => void>()
  const watch = (folder: string): void => {
    if (!folders.has(folder)) folders.set(folder, world.durable.rememberTimes(folder))
  }
  watch(dirname(sbin))
  const release = await world.durable.claim(claimFile(sbin))
  if (release === null)
    throw new BuildError(`another sessctl is changing ${sbin}`, {
      help: 'wait until it has finished',
    })
  try {
    return await work(await ended(await readJournal(sbin, world), world), { watch })
  } finally {
    release()
    for (const restore of folders.values()) restore()
  }
}
