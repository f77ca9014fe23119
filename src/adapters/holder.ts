import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A process id is used again after a while: when it began tells two apart (Linux). */
const beganAt = (pid: number): string => {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    // It has ended, and nobody has asked for its exit code yet.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    return ''
  }
}

/** How the holder of a lock is called: by its process, and by chance for each lock. */
export const holderName = /^(\d{1,10})-(\d*)-[0-9a-f]{12}$/

export const newHolder = (): string =>
  `${process.pid}-${beganAt(process.pid)}-${randomBytes(6).toString('hex')}`

/** Whether the process that a holder is named after has not ended. */
export const isAlive = (holder: string): boolean => {
  const [, pid = '0', began = ''] = holderName.exec(holder) ?? []
  if (pid === '0') return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return began === '' || beganAt(Number(pid)) === began
}
