import { RollbackFailedError, RolledBackError } from '../../../errors.ts'
import { type Journal, journalFile, journalText } from '../../core/upgrade/journal.ts'
import { next } from '../../core/upgrade/next.ts'
import type { End, Observation, State } from '../../core/upgrade/state.ts'
import type { StepTools } from '../engine.ts'
import { actionText, perform, type UpgradeServices } from './actions.ts'
import { removeStaged } from './files.ts'
import { type HostObservation, observeHost, probeNew } from './observe.ts'

export interface Driven {
  readonly end: End
  readonly reason: string | null
  readonly note: string | null
  readonly journal: Journal
}

const pollMs = 50

const isNews = (before: State, after: State): boolean =>
  before.goal !== after.goal || before.stage !== after.stage || before.wasBorn !== after.wasBorn

const sameProcess = (journal: Journal, seen: HostObservation): Journal => {
  const { master } = journal
  const id = (known: HostObservation['oldId']) =>
    known === null ? null : { pid: known.pid, began: known.began }
  const old = id(seen.oldId)
  return {
    ...journal,
    master: master === null || old === null ? master : { ...master, id: old },
    fresh: id(seen.freshId) ?? journal.fresh,
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** @returns why not. */
const attempt = async (work: () => Promise<void>): Promise<string | null> => {
  try {
    await work()
    return null
  } catch (error) {
    return messageOf(error)
  }
}

const write = (journal: Journal, { world }: UpgradeServices): Promise<string | null> =>
  attempt(() => world.durable.write(journalFile(journal.sbin), journalText(journal)))

/** The journal says how it ended before anything is put away: another run can do that as well. */
const conclude = async (journal: Journal, services: UpgradeServices): Promise<string | null> => {
  const { durable } = services.world
  const failed = await write(journal, services)
  if (failed !== null) return failed
  return attempt(() => removeStaged(journal, durable))
}

/** All that the next step depends on, and who the processes are. */
const observeAll = async (
  journal: Journal,
  services: UpgradeServices,
  { since, round, failure }: { since: number; round: number; failure: string | null },
): Promise<{ readonly seen: Observation; readonly found: HostObservation }> => {
  const { context, world } = services
  const found = await observeHost(journal, world)
  const probe = await probeNew(journal.probe, journal.state, found, round, world)
  const seen: Observation = {
    ...found,
    elapsedMs: world.clock.ticks() - since,
    probe,
    isProbed: journal.probe !== null,
    failure,
    isInterrupted: context.signal.aborted,
  }
  return { seen, found }
}

/**
 * Looks, decides, writes down what it is about to do, does it, and looks again, until nothing is
 * left to do. It goes to its end also when we are interrupted: back, then.
 */
export const drive = async (
  start: Journal,
  services: UpgradeServices,
  { say, progress }: Pick<StepTools, 'say' | 'progress'>,
): Promise<Driven> => {
  const { clock, running } = services.world
  let journal = start
  let [since, round] = [clock.ticks(), 0]
  let failure: string | null = null
  for (;;) {
    const { seen, found } = await observeAll(journal, services, { since, round, failure })
    round = seen.probe === null ? 0 : round + 1
    const before = journal.state
    const step = next(before, seen, journal.limits)
    const changed: Journal = { ...sameProcess(journal, found), state: step.state }
    if (before.goal !== step.state.goal) say(`rolling back: ${step.state.reason}`)
    if (step.kind === 'end') {
      const ended = { ...changed, end: step.end === 'failed' ? null : step.end }
      const untidy =
        ended.end === null ? await write(ended, services) : await conclude(ended, services)
      const { reason } = step.state
      return { end: step.end, reason, note: step.note ?? untidy, journal: ended }
    }
    const isAct = step.kind === 'do'
    const unwritten = isAct || isNews(before, step.state) ? await write(changed, services) : null
    const isKnown = before.stage === 'quit' && !isNews(before, step.state)
    if (unwritten !== null && step.state.goal === 'forward' && !isKnown) {
      // What is not on the disk is not done; going back needs no journal, nor does what it says already.
      failure = unwritten
      continue
    }
    journal = changed
    if (isAct || isNews(before, step.state)) since = clock.ticks()
    const text = isAct ? actionText(step.action, found) : `${step.state.goal}: ${step.state.stage}`
    progress(text, 0, null)
    failure = null
    if (isAct) {
      say(text)
      failure = await attempt(() => perform(step.action, changed, found, services))
      if (failure !== null) say(failure)
      since = clock.ticks()
    } else await running.pause(pollMs)
  }
}

const manualSteps = ({ sbin }: Journal): string =>
  `check the masters (ps -C nginx -f) and the error log, then run sessctl build-nginx --rollback --sbin ${sbin}`

/**
 * What an end means for the exit code.
 * @throws unless the new nginx is in its place; what the signal says when we were interrupted.
 */
export const settle = (
  { end, reason, note, journal }: Driven,
  { context }: UpgradeServices,
  { advise }: Pick<StepTools, 'advise'>,
): void => {
  const what = journal.state.kind === 'install' ? 'the installation' : 'the upgrade'
  if (end === 'done') {
    if (note !== null) advise({ level: 'note', message: note, help: null })
    return
  }
  if (end === 'rolled-back') {
    const message = `${what} was rolled back: ${reason ?? 'requested by --rollback'}`
    if (context.signal.aborted) {
      advise({ level: 'note', message, help: null })
      context.signal.throwIfAborted()
    }
    throw new RolledBackError(note === null ? message : `${message}\n${note}`, {
      help:
        journal.master === null
          ? 'the old files are restored'
          : 'the old nginx serves again, from its own files; see its error log',
    })
  }
  const why = [reason, note].filter((text) => text !== null).join('; ')
  if (context.signal.aborted) advise({ level: 'error', message: why, help: manualSteps(journal) })
  throw new RollbackFailedError(`${what} failed and could not be rolled back: ${why}`, {
    help: manualSteps(journal),
  })
}
