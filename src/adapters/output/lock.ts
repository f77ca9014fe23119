import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { IoError } from '../../errors.ts'
import { holderName, isAlive, newHolder } from '../holder.ts'
import { readRegular } from '../read-regular.ts'

const waitMs = 10_000
const pollMs = 50

const prefix = '.sessctl.lock.'
const fileOf = (folder: string, holder: string): string => join(folder, `${prefix}${holder}`)

export interface Lock {
  /** Paths that runs which died had announced. */
  readonly interrupted: readonly string[]
  /** Announces the paths before the first of them is touched. */
  readonly announce: (paths: readonly string[]) => void
  /** `isDone: false` leaves what runs that died had announced, and no folder that was made for the lock. */
  readonly release: (isDone: boolean) => void
}

const mostBytes = 8 * 1024 * 1024

/** What a lock file announces; nothing, when its run died before it had announced anything. */
const announcedIn = (file: string): readonly string[] => {
  try {
    const paths: unknown = JSON.parse(new TextDecoder().decode(readRegular(file, mostBytes, false)))
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}

interface Other {
  readonly file: string
  readonly pid: string
  readonly isAlive: boolean
}

/**
 * The locks in a folder but for our own. Each run has one of its own, named after it: the file is
 * there or not, and nobody ever has to take one away from a run that lives.
 */
const othersIn = (folder: string, own: string): readonly Other[] =>
  readdirSync(folder).flatMap((name) => {
    const holder = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    const [, pid] = holderName.exec(holder) ?? []
    if (pid === undefined || holder === own) return []
    return [{ file: join(folder, name), pid, isAlive: isAlive(holder) }]
  })

/**
 * Makes a folder and its missing parents; the topmost that was made, undefined when it was there.
 * `recursive: true` of Node.js never returns where the file system has no such folder and takes none
 * (below /proc).
 */
const makeFolder = (folder: string): string | undefined => {
  if (existsSync(folder)) {
    if (statSync(folder).isDirectory()) return undefined
    throw new IoError(`${folder} is a file, not a folder`, {
      help: 'choose another --out, or move the file away',
    })
  }
  const parent = dirname(folder)
  const topmost = parent === folder ? undefined : makeFolder(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another run was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return undefined
  }
  return topmost ?? folder
}

/** Removes a folder and its parents, up to the topmost that was made, as far as they are empty. */
const removeMade = (folder: string, topmost: string): void => {
  try {
    for (let at = folder; at.startsWith(topmost); at = dirname(at)) rmdirSync(at)
  } catch {
    // Somebody else uses it.
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Whoever came at the same moment waits another time than we do. */
const pause = (): Promise<void> => sleep(pollMs * (0.5 + Math.random()))

/** The lock of a run that lives, or the descriptor of ours, which is now there. */
const enter = (folder: string, own: string): Other | number => {
  const isLive = (other: Other): boolean => other.isAlive
  const holder = othersIn(folder, own).find(isLive)
  if (holder !== undefined) return holder
  const file = fileOf(folder, own)
  const descriptor = openSync(file, 'wx', 0o600)
  // Of two that make theirs at once, the later one sees the other's; it, or both, stand back.
  const rival = othersIn(folder, own).find(isLive)
  if (rival === undefined) return descriptor
  closeSync(descriptor)
  rmSync(file)
  return rival
}

/**
 * Only one sessctl writes to a folder at a time; others wait up to 10 s for their turn.
 * @throws IoError when the turn does not come, or the folder cannot be written.
 */
export const lockFolder = async (folder: string, signal: AbortSignal): Promise<Lock> => {
  const own = newHolder()
  const file = fileOf(folder, own)
  const deadline = Date.now() + waitMs
  let made: string | undefined
  let descriptor: number
  for (;;) {
    // Each time: a run that failed takes the folder away that it had made.
    made = makeFolder(folder) ?? made
    const holder = enter(folder, own)
    if (typeof holder === 'number') {
      descriptor = holder
      break
    }
    signal.throwIfAborted()
    if (Date.now() > deadline) {
      throw new IoError(`sessctl with process id ${holder.pid} is writing to ${folder}`, {
        help: `wait for it, or remove ${holder.file} if no sessctl runs`,
      })
    }
    await pause()
  }
  const died = othersIn(folder, own).filter((other) => !other.isAlive)
  return {
    interrupted: died.flatMap((other) => announcedIn(other.file)),
    // To the file that was made, never by its name again: another user may own the folder, and put a
    // link in its place.
    announce: (paths) => {
      ftruncateSync(descriptor)
      const bytes = Buffer.from(JSON.stringify(paths))
      let written = 0
      while (written < bytes.length)
        written += writeSync(descriptor, bytes, written, bytes.length - written, written)
    },
    release: (isDone) => {
      closeSync(descriptor)
      if (isDone) for (const other of died) rmSync(other.file, { force: true })
      rmSync(file, { force: true })
      if (!isDone && made !== undefined) removeMade(folder, made)
    },
  }
}
