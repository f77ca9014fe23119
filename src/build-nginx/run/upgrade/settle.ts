import { RollbackFailedError, RolledBackError } from '../../../errors.ts'
import type { Journal } from '../../core/upgrade/journal.ts'
import type { StepTools } from '../engine.ts'
import type { Hands } from './actions.ts'
import type { Driven } from './drive.ts'

const whatNow = ({ sbin }: Journal): string =>
  `look at the masters (ps -C nginx -f) and at the error log; then sessctl build-nginx --rollback --sbin ${sbin}`

/**
 * What an end means for the exit code.
 * @throws unless the new nginx is in its place; what the signal says when we were interrupted.
 */
export const settle = (
  { end, reason, note, journal }: Driven,
  { context }: Hands,
  { advise }: Pick<StepTools, 'advise'>,
): void => {
  const what = journal.state.kind === 'install' ? 'the installation' : 'the upgrade'
  if (end === 'done') {
    if (note !== null) advise({ level: 'note', message: note, help: null })
    return
  }
  if (end === 'rolled-back') {
    const message = `${what} was rolled back: ${reason ?? 'it was asked for'}`
    if (context.signal.aborted) {
      advise({ level: 'note', message, help: null })
      context.signal.throwIfAborted()
    }
    throw new RolledBackError(note === null ? message : `${message}\n${note}`, {
      help:
        journal.master === null
          ? 'the old files are in their place'
          : 'the old nginx serves, with its own files; its error log may say more',
    })
  }
  const why = [reason, note].filter((text) => text !== null).join('; ')
  if (context.signal.aborted) advise({ level: 'error', message: why, help: whatNow(journal) })
  throw new RollbackFailedError(`${what} failed, and could not be taken back: ${why}`, {
    help: whatNow(journal),
  })
}
