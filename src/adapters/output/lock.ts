import { existsSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IoError } from '../../errors.ts'
import { makeFolders } from '../folders.ts'
import { type Holder, waitForLock } from '../lock.ts'
import { readRegular } from '../read-regular.ts'

const waitMs = 10_000
const mostBytes = 8 * 1024 * 1024

export interface FolderLock {
  /** Paths that runs which died had announced. */
  readonly interrupted: readonly string[]
  /** Announces the paths before the first of them is changed. */
  readonly announce: (paths: readonly string[]) => void
  /** `isDone: false` keeps what runs that died had announced, and removes folders made for the lock. */
  readonly release: (isDone: boolean) => void
}

/** Empty when the run died before it had announced anything. */
const announcedIn = ({ file }: Holder): readonly string[] => {
  try {
    const paths: unknown = JSON.parse(new TextDecoder().decode(readRegular(file, mostBytes, false)))
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}

const makeOutputFolder = (folder: string): string | null => {
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  if (!statSync(existing).isDirectory())
    throw new IoError(`${existing} is a file, not a folder`, {
      help: 'set another --output, or move the file',
    })
  return makeFolders(folder)
}

/** Removes a folder and its parents, up to the topmost that was made, as far as they are empty. */
const removeMade = (folder: string, topmost: string): void => {
  try {
    for (let at = folder; at.startsWith(topmost); at = dirname(at)) rmdirSync(at)
  } catch {
    // Another process uses it.
  }
}

/**
 * Only one sessctl writes to a folder at a time; others wait up to 10 s.
 * @throws IoError when another process still writes after that, or the folder cannot be written.
 */
export const lockFolder = async (folder: string, signal: AbortSignal): Promise<FolderLock> => {
  let made: string | null = null
  const prepare = (): void => {
    // Each time: a run that failed removes the folder that it had made.
    made = makeOutputFolder(folder) ?? made
  }
  const lock = await waitForLock(join(folder, '.sessctl.lock'), prepare, waitMs, signal)
  if (!('release' in lock))
    throw new IoError(`sessctl with process id ${lock.pid} is writing to ${folder}`, {
      help: `wait for it, or remove ${lock.file} if no sessctl runs`,
    })
  return {
    interrupted: lock.stale.flatMap(announcedIn),
    announce: (paths) => lock.write(JSON.stringify(paths)),
    release: (isDone) => {
      if (isDone) lock.removeStale()
      lock.release()
      if (!isDone && made !== null) removeMade(folder, made)
    },
  }
}
