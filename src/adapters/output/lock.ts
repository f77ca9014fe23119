import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { IoError } from '../../errors.ts'

const lockName = '.sessctl.lock'
const waitMs = 10_000
const pollMs = 50

/** What the lock file holds: who writes, and what it is about to write, should it die in the middle. */
interface LockContent {
  readonly pid: number
  readonly paths: readonly string[]
}

export interface Lock {
  /** Paths that a run which died had announced. */
  readonly interrupted: readonly string[]
  /** Announces the paths before the first of them is touched. */
  readonly announce: (paths: readonly string[]) => void
  /** `keepsFolder: false` also removes the folders that taking the lock had made, where they are empty. */
  readonly release: (keepsFolder: boolean) => void
}

const parse = (text: string): LockContent | null => {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content !== 'object' || content === null) return null
    const { pid, paths } = content as { pid?: unknown; paths?: unknown }
    if (typeof pid !== 'number' || !Array.isArray(paths)) return null
    return { pid, paths: paths.filter((path) => typeof path === 'string') }
  } catch {
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the lock is now ours: the file is made by this call, or not at all. */
const create = (file: string, content: LockContent): boolean => {
  try {
    writeFileSync(file, JSON.stringify(content), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** null: there is none any more, or its owner is still writing it. */
const readLock = (file: string): LockContent | null => {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Takes a dead run's lock away; only one of several waiting runs succeeds in renaming it. */
const takeOver = (file: string): readonly string[] => {
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(file, aside)
  } catch {
    return []
  }
  const content = readLock(aside)
  rmSync(aside, { force: true })
  return content?.paths ?? []
}

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

/**
 * Only one sessctl writes to a folder at a time; others wait up to 10 s for their turn.
 * @throws IoError when the turn does not come, or the folder cannot be written.
 */
export const lockFolder = async (folder: string, signal: AbortSignal): Promise<Lock> => {
  const file = join(folder, lockName)
  const deadline = Date.now() + waitMs
  let interrupted: readonly string[] = []
  const made = makeFolder(folder)
  while (!create(file, { pid: process.pid, paths: interrupted })) {
    signal.throwIfAborted()
    const holder = readLock(file)
    if (holder !== null && !isAlive(holder.pid)) {
      interrupted = [...interrupted, ...takeOver(file)]
      continue
    }
    if (Date.now() > deadline) {
      const who = holder === null ? 'another run' : `sessctl with process id ${holder.pid}`
      throw new IoError(`${who} is writing to ${folder}`, {
        help: `wait for it, or remove ${file} if no sessctl runs`,
      })
    }
    await sleep(pollMs)
  }
  return {
    interrupted,
    announce: (paths) => {
      const next = `${file}.${randomBytes(6).toString('hex')}`
      writeFileSync(next, JSON.stringify({ pid: process.pid, paths }), { mode: 0o600 })
      renameSync(next, file)
    },
    release: (keepsFolder) => {
      rmSync(file, { force: true })
      if (!keepsFolder && made !== undefined) removeMade(folder, made)
    },
  }
}
