import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ioError } from '../io-error.ts'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** A process id is used again after a while: when it began tells two apart (Linux). */
const beganAt = (pid: number): string => {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return status.slice(status.lastIndexOf(')')).split(' ')[20] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (holder: string): boolean => {
  const [pid = '0', began = ''] = holder.split(' ')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  return began === '' || beganAt(Number(pid)) === began
}

/** A lock that is being written has no holder yet; older ones that have none belong to nobody. */
const emptyForMs = 10_000

const isAbandoned = (path: string): boolean => {
  try {
    const holder = readFileSync(path, 'utf8')
    return holder === '' ? Date.now() - statSync(path).mtimeMs > emptyForMs : !isAlive(holder)
  } catch (error) {
    return codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EACCES'
  }
}

/** Takes a dead holder's file away, unless somebody was quicker and it is theirs by now. */
const takeOver = (path: string): void => {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    renameSync(path, aside)
    if (isAbandoned(aside)) rmSync(aside, { force: true })
    else renameSync(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw ioError('write', path, error)
  }
}

/**
 * A file with the holder's process id, until it is given back or we end.
 * @returns null when another process has it.
 * @throws IoError when the file cannot be made.
 */
export const claim = (path: string): (() => void) | null => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${process.pid} ${beganAt(process.pid)}`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw ioError('write', path, error)
    if (!isAbandoned(path)) return null
    takeOver(path)
    return claim(path)
  }
  const remove = () => rmSync(path, { force: true })
  process.once('exit', remove)
  return () => {
    process.off('exit', remove)
    remove()
  }
}

/**
 * Runs work while no other process does; waits for its turn.
 * @throws IoError when the file cannot be made, and what the signal says when it comes first.
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
