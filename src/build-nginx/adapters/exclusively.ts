import { dirname } from 'node:path'
import { makeFolders } from '../../adapters/folders.ts'
import { ioError } from '../../adapters/io-error.ts'
import { type Holder, type Lock, waitForLock } from '../../adapters/lock.ts'

const lockAt = async (
  path: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Lock | Holder> => {
  try {
    const prepare = () => void makeFolders(dirname(path), 0o700)
    const lock = await waitForLock(path, prepare, patienceMs, signal)
    if ('release' in lock) lock.removeStale()
    return lock
  } catch (error) {
    signal.throwIfAborted()
    throw ioError('write', path, error)
  }
}

/** Long enough for two processes that start at the same time to agree on one of them. */
const claimMs = 500

/**
 * @returns null when another process has the lock.
 * @throws IoError when the lock file cannot be written.
 */
export const claim = async (path: string, signal: AbortSignal): Promise<(() => void) | null> => {
  const lock = await lockAt(path, claimMs, signal)
  return 'release' in lock ? lock.release : null
}

/**
 * Runs work while no other process does; waits for its turn.
 * @throws IoError when the lock file cannot be written, and what the signal says when it comes first.
 */
export const exclusively = async <Result>(
  path: string,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> => {
  const lock = await lockAt(path, Number.POSITIVE_INFINITY, signal)
  try {
    return await work()
  } finally {
    if ('release' in lock) lock.release()
  }
}
