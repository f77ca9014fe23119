import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { holderName, isAlive, newHolder } from '../../adapters/holder.ts'
import { ioError } from '../../adapters/io-error.ts'
import { makeFolders } from './folders.ts'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Dead holders go by their own names, which nobody has again: never one that lives by now. */
const isHeld = (path: string): boolean => {
  let isAnyAlive = false
  try {
    for (const holder of readdirSync(path)) {
      if (isAlive(holder)) isAnyAlive = true
      else rmSync(join(path, holder), { recursive: true, force: true })
    }
    return isAnyAlive
  } catch (error) {
    // Another user's is not ours to judge.
    if (codeOf(error) === 'EACCES') return true
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** What those have left who were killed on their way in; it is in nobody's way. */
const sweep = (path: string): void => {
  const folder = dirname(path)
  const start = `${basename(path)}.`
  try {
    const holders = readdirSync(folder)
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length))
      .filter((holder) => holderName.test(holder) && !isAlive(holder))
    for (const holder of holders) rmSync(`${path}.${holder}`, { recursive: true, force: true })
  } catch {
    // The next one may.
  }
}

/** A folder takes the place of an empty one, and never of one that holds anything: rename(2). */
const enter = (path: string, holder: string): boolean => {
  const draft = `${path}.${holder}`
  try {
    mkdirSync(draft, { mode: 0o700 })
    writeFileSync(join(draft, holder), '', { mode: 0o600 })
    renameSync(draft, path)
    return true
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
    throw error
  }
}

const leave = (path: string, holder: string): void => {
  rmSync(join(path, holder), { force: true })
  try {
    rmdirSync(path)
  } catch {
    // The next one is in it already, or has put it away.
  }
}

/**
 * A folder with one file, whose name is the holder's, until it is given back or we end.
 * @returns null when another process has it.
 * @throws IoError when it cannot be made.
 */
export const claim = (path: string): (() => void) | null => {
  const holder = newHolder()
  try {
    makeFolders(dirname(path), 0o700)
    if (isHeld(path) || !enter(path, holder)) return null
    sweep(path)
  } catch (error) {
    throw ioError('write', path, error)
  }
  const remove = () => leave(path, holder)
  process.once('exit', remove)
  return () => {
    process.off('exit', remove)
    remove()
  }
}

/**
 * Runs work while no other process does; waits for its turn.
 * @throws IoError when the folder cannot be made, and what the signal says when it comes first.
 */
export const exclusively = async <Result>(
  path: string,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> => {
  for (;;) {
    signal.throwIfAborted()
    const release = claim(path)
    if (release !== null) {
      try {
        return await work()
      } finally {
        release()
      }
    }
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}
