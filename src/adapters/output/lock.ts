import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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
  readonly announce: (paths: readonly string[]) => Promise<void>
  /** `keepsFolder: false` also removes the folders that taking the lock had made, where they are empty. */
  readonly release: (keepsFolder: boolean) => Promise<void>
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

/** A lock appears whole or not at all: a reader never sees half of one. */
const create = async (file: string, content: LockContent): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(JSON.stringify(content))
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const readLock = async (file: string): Promise<LockContent | null> => {
  const text = await readFile(file, 'utf8').catch(() => '')
  return parse(text)
}

/** Takes a dead run's lock away; only one of several waiting runs succeeds in renaming it. */
const takeOver = async (file: string): Promise<readonly string[] | null> => {
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await rename(file, aside)
  } catch {
    return null
  }
  const content = await readLock(aside)
  await rm(aside, { force: true })
  return content?.paths ?? []
}

/** Removes a folder and its parents, up to the topmost that was made. */
const removeMade = async (folder: string, topmost: string): Promise<void> => {
  for (let at = folder; at.startsWith(topmost); at = dirname(at)) {
    const isGone = await rmdir(at).then(
      () => true,
      () => false,
    )
    if (!isGone) return
  }
}

/**
 * Only one sessctl writes to a folder at a time; others wait up to 10 s for their turn.
 * @throws IoError when the turn does not come, or the folder cannot be written.
 */
export const lockFolder = async (folder: string, signal: AbortSignal): Promise<Lock> => {
  const file = join(folder, lockName)
  const deadline = Date.now() + waitMs
  let interrupted: readonly string[] = []
  const made = await mkdir(folder, { recursive: true })
  while (!(await create(file, { pid: process.pid, paths: interrupted }))) {
    signal.throwIfAborted()
    const holder = await readLock(file)
    if (holder !== null && !isAlive(holder.pid)) {
      interrupted = [...interrupted, ...((await takeOver(file)) ?? [])]
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
    announce: async (paths) => {
      const next = `${file}.${randomBytes(6).toString('hex')}`
      await writeFile(next, JSON.stringify({ pid: process.pid, paths }), { mode: 0o600 })
      await rename(next, file)
    },
    release: async (keepsFolder) => {
      await rm(file, { force: true })
      if (!keepsFolder && made !== undefined) await removeMade(folder, made)
    },
  }
}
