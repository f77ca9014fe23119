import { act, end, hasActed, type Limits, type Seen, type State, type Step, wait } from './state.ts'

/** Files come last: no process on this way reads them, unless there is none left. */
const files = (state: State, seen: Seen): Step => {
  if (seen.files === 'old') return end(state, 'rolled-back')
  if (seen.files === 'foreign')
    return end(state, 'failed', 'somebody else has replaced the files in the meantime')
  if (hasActed(state, 'restore'))
    return end(state, 'failed', seen.failure ?? 'the old files are not back in their place')
  return act(state, 'restore')
}

/** The old master was told to quit, and has no sockets any more: it cannot take over again. */
const quitting = (state: State, seen: Seen, limits: Limits): Step => {
  if (!hasActed(state, 'term-old'))
    return seen.elapsedMs < limits.signalMs ? wait(state) : act(state, 'term-old')
  return seen.elapsedMs < limits.signalMs
    ? wait(state)
    : end(state, 'failed', 'the old master does not end')
}

/** It starts its workers by itself when the new master ends; only if it does not, it is asked to. */
const emptied = (state: State, seen: Seen, limits: Limits): Step => {
  if (seen.elapsedMs < limits.signalMs) return wait(state)
  // Now it would read its configuration again: with the modules of today.
  if (seen.files !== 'old' && !hasActed(state, 'restore')) return files(state, seen)
  return hasActed(state, 'refill-old')
    ? end(state, 'failed', 'the old master starts no workers')
    : act(state, 'refill-old')
}

const nobody = (state: State, seen: Seen, limits: Limits): Step => {
  if (seen.files !== 'old') return files(state, seen)
  if (seen.isRebooted)
    return end(state, 'rolled-back', 'nginx does not run since the machine was started')
  if (!hasActed(state, 'start-old')) return act(state, 'start-old')
  return seen.failure === null && seen.elapsedMs < limits.startMs
    ? wait(state)
    : end(state, 'failed', seen.failure ?? 'the old nginx does not start')
}

/** Whether a new master may still appear: it was asked for, and nothing was seen of it. */
const isAwaited = (state: State, seen: Seen, limits: Limits): boolean => {
  if (seen.isChanging) return seen.elapsedMs < limits.signalMs
  const isUnheard = state.stage === 'start' && !state.wasBorn && !seen.cameBack
  return isUnheard && seen.elapsedMs < limits.signalMs / 4
}

const alone = (state: State, seen: Seen, limits: Limits): Step => {
  if (seen.old === null) return nobody(state, seen, limits)
  if (isAwaited(state, seen, limits)) return wait(state)
  const isQuitting = state.stage === 'quit' && !hasActed(state, 'start-old')
  if (isQuitting && seen.old.workers.length === 0) return quitting(state, seen, limits)
  if (seen.old.workers.length === 0) return emptied(state, seen, limits)
  return files(state, seen)
}

/** From the gentlest on; each of them once. */
const farewells = ['quit-new', 'term-new', 'kill-new'] as const

/** The next way to end the new master, when the last one had its time. */
const endNew = (
  state: State,
  seen: Seen,
  limits: Limits,
  ways: readonly (typeof farewells)[number][],
): Step => {
  const said = ways.filter((one) => hasActed(state, one))
  const patience = said.at(-1) === 'quit-new' ? limits.drainMs : limits.signalMs
  if (said.length > 0 && seen.elapsedMs < patience) return wait(state)
  const next = ways[said.length]
  return next === undefined ? end(state, 'failed', 'the new master does not end') : act(state, next)
}

const both = (state: State, seen: Seen, limits: Limits): Step => {
  const isDeserted = seen.fresh?.workers.length === 0
  if (seen.old === null || state.stage === 'quit')
    return isDeserted
      ? endNew(state, seen, limits, ['term-new', 'kill-new'])
      : end(state, 'failed', 'the old master has gone already, and the new one serves')
  const isEnding = farewells.some((one) => hasActed(state, one))
  if (seen.old.workers.length > 0 || isEnding) return endNew(state, seen, limits, farewells)
  if (!hasActed(state, 'refill-old')) return act(state, 'refill-old')
  return seen.elapsedMs < limits.signalMs
    ? wait(state)
    : end(state, 'failed', 'the old master starts no workers, so the new one was left alone')
}

/** The old nginx alone, with its own files: whatever has happened so far. */
export const goBack = (state: State, seen: Seen, limits: Limits): Step => {
  if (state.kind === 'install') return files(state, seen)
  return seen.fresh === null ? alone(state, seen, limits) : both(state, seen, limits)
}
