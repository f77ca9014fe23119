import { randomBytes } from 'node:crypto'
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process id is used again after a while: the start time tells two processes apart (Linux). */
const startTime = (pid: number): string => {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    // A zombie: it has ended, but its parent has not collected its exit code.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    return ''
  }
}

/** Process id, start time, random number. */
const holderName = /^(\d{1,10})-(\d*)-[0-9a-f]{12}$/

const newHolder = (): string =>
  `${process.pid}-${startTime(process.pid)}-${randomBytes(6).toString('hex')}`

const isAlive = (pid: string, began: string): boolean => {
  if (pid === '0') return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return began === '' || startTime(Number(pid)) === began
}

/** The lock file of another process. */
export interface Holder {
  readonly file: string
  readonly pid: string
  readonly isAlive: boolean
}

export interface Lock {
  /** Lock files of processes that died. */
  readonly stale: readonly Holder[]
  /** Writes to our lock file, for the process that finds it stale. */
  readonly write: (text: string) => void
  readonly removeStale: () => void
  readonly release: () => void
}

/** Lock files of one lock, except our own. */
const othersOf = (path: string, own: string): readonly Holder[] => {
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  return readdirSync(folder).flatMap((name) => {
    const holder = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    const [, pid, began = ''] = holderName.exec(holder) ?? []
    if (pid === undefined || holder === own) return []
    return [{ file: join(folder, name), pid, isAlive: isAlive(pid, began) }]
  })
}

/** A stale lock file is harmless: it may belong to a user whose files we cannot remove. */
const removeIfPossible = (file: string): void => {
  try {
    rmSync(file, { force: true })
  } catch {
    // Stays.
  }
}

const liveHolder = (path: string, own: string): Holder | undefined =>
  othersOf(path, own).find((other) => other.isAlive)

/**
 * Tries once to take a lock. Each process has a lock file of its own, `PATH.HOLDER`, so no process ever
 * removes the lock file of a live one. The folder must exist.
 * @returns the live process that holds the lock, if there is one.
 */
const tryLock = (path: string, own: string): Lock | Holder => {
  const before = liveHolder(path, own)
  if (before !== undefined) return before
  const file = `${path}.${own}`
  const descriptor = openSync(file, 'wx', 0o600)
  const remove = (): void => rmSync(file, { force: true })
  // Of two processes that create their files at the same time, the later one sees both, and withdraws.
  const rival = liveHolder(path, own)
  if (rival !== undefined) {
    closeSync(descriptor)
    remove()
    return rival
  }
  process.once('exit', remove)
  const stale = othersOf(path, own).filter((other) => !other.isAlive)
  return {
    stale,
    // To the open file, never by its name: another user may own the folder and replace the file.
    write: (text) => {
      // What is written is for the next process, also when this one exits early.
      process.off('exit', remove)
      ftruncateSync(descriptor)
      const bytes = Buffer.from(text)
      let written = 0
      while (written < bytes.length)
        written += writeSync(descriptor, bytes, written, bytes.length - written, written)
    },
    removeStale: () => {
      for (const other of stale) removeIfPossible(other.file)
    },
    release: () => {
      process.off('exit', remove)
      closeSync(descriptor)
      remove()
    },
  }
}

const pollMs = 50

/**
 * Waits for a lock, in whatever process another one holds it.
 * @param prepare is called before each attempt and makes the folder of the lock.
 * @returns the live process that holds the lock when the time is over.
 * @throws what the signal says when it comes first.
 */
export const waitForLock = async (
  path: string,
  prepare: () => void,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Lock | Holder> => {
  const own = newHolder()
  const deadline = Date.now() + patienceMs
  for (;;) {
    signal.throwIfAborted()
    prepare()
    const result = tryLock(path, own)
    if ('release' in result || Date.now() > deadline) return result
    // Two processes that withdrew at the same time try again at different times.
    await sleep(pollMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
  }
}
