import {
  act,
  end,
  hasActed,
  type Limits,
  type Observation,
  type State,
  type Step,
  wait,
} from './state.ts'

/** Files come last: no process on this way reads them, unless there is none left. */
const files = (state: State, seen: Observation): Step => {
  if (seen.files === 'old') return end(state, 'rolled-back')
  if (seen.files === 'foreign')
    return end(state, 'failed', 'another program replaced the files in the meantime')
  if (hasActed(state, 'restore'))
    return end(state, 'failed', seen.failure ?? 'the old files were not restored')
  return act(state, 'restore')
}

/** The old master was told to quit, and has no sockets any more: it cannot take over again. */
const oldQuitting = (state: State, seen: Observation, limits: Limits): Step => {
  if (!hasActed(state, 'term-old'))
    return seen.elapsedMs < limits.signalMs ? wait(state) : act(state, 'term-old')
  return seen.elapsedMs < limits.signalMs
    ? wait(state)
    : end(state, 'failed', 'the old master does not exit')
}

/** It starts its workers by itself when the new master ends; only if it does not, it is asked to. */
const oldWithoutWorkers = (state: State, seen: Observation, limits: Limits): Step => {
  if (seen.elapsedMs < limits.signalMs) return wait(state)
  // Now it would read its configuration again: with the modules of today.
  if (seen.files !== 'old' && !hasActed(state, 'restore')) return files(state, seen)
  return hasActed(state, 'refill-old')
    ? end(state, 'failed', 'the old master starts no workers')
    : act(state, 'refill-old')
}

const noneRunning = (state: State, seen: Observation, limits: Limits): Step => {
  if (seen.files !== 'old') return files(state, seen)
  if (seen.isRebooted) return end(state, 'rolled-back', 'nginx is not running since the last boot')
  if (!hasActed(state, 'start-old')) return act(state, 'start-old')
  return seen.failure === null && seen.elapsedMs < limits.startMs
    ? wait(state)
    : end(state, 'failed', seen.failure ?? 'the old nginx does not start')
}

/** Whether a new master may still appear: it was asked for, and nothing was seen of it. */
const isAwaited = (state: State, seen: Observation, limits: Limits): boolean => {
  if (seen.isChanging) return seen.elapsedMs < limits.signalMs
  const isUnseen = state.stage === 'start' && !state.wasBorn && !seen.cameBack
  return isUnseen && seen.elapsedMs < limits.signalMs / 4
}

const oldRunning = (state: State, seen: Observation, limits: Limits): Step => {
  if (seen.old === null) return noneRunning(state, seen, limits)
  if (isAwaited(state, seen, limits)) return wait(state)
  const isQuitting = state.stage === 'quit' && !hasActed(state, 'start-old')
  if (isQuitting && seen.old.workers.length === 0) return oldQuitting(state, seen, limits)
  if (seen.old.workers.length === 0) return oldWithoutWorkers(state, seen, limits)
  return files(state, seen)
}

/** From the gentlest on; each of them once. */
const stopActions = ['quit-new', 'term-new', 'kill-new'] as const

/** The next way to end the new master, when the last one had its time. */
const endNew = (
  state: State,
  seen: Observation,
  limits: Limits,
  ways: readonly (typeof stopActions)[number][],
): Step => {
  const said = ways.filter((one) => hasActed(state, one))
  const patience = said.at(-1) === 'quit-new' ? limits.drainMs : limits.signalMs
  if (said.length > 0 && seen.elapsedMs < patience) return wait(state)
  const next = ways[said.length]
  return next === undefined
    ? end(state, 'failed', 'the new master does not exit')
    : act(state, next)
}

const bothRunning = (state: State, seen: Observation, limits: Limits): Step => {
  const isDeserted = seen.fresh?.workers.length === 0
  if (seen.old === null || state.stage === 'quit')
    return isDeserted
      ? endNew(state, seen, limits, ['term-new', 'kill-new'])
      : end(state, 'failed', 'the old master has already exited, and the new nginx serves')
  const isEnding = stopActions.some((one) => hasActed(state, one))
  if (seen.old.workers.length > 0 || isEnding) return endNew(state, seen, limits, stopActions)
  if (!hasActed(state, 'refill-old')) return act(state, 'refill-old')
  return seen.elapsedMs < limits.signalMs
    ? wait(state)
    : end(state, 'failed', 'the old master starts no workers, so the new master was left running')
}

/**
 * A busy master handles WINCH late. Until then HUP would start workers that WINCH ends, and with the new
 * master gone no worker would be left.
 */
const isWinchPending = ({ isDraining }: State, { elapsedMs }: Observation, { signalMs }: Limits) =>
  isDraining && elapsedMs < signalMs

/** The old nginx alone, with its own files: whatever has happened so far. */
export const goBack = (state: State, seen: Observation, limits: Limits): Step => {
  if (state.kind === 'install') return files(state, seen)
  if (isWinchPending(state, seen, limits)) return wait(state)
  return seen.fresh === null ? oldRunning(state, seen, limits) : bothRunning(state, seen, limits)
}
