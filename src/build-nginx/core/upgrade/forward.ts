import {
  act,
  end,
  hasActed,
  type Limits,
  type Observation,
  type Stage,
  type State,
  type Step,
  wait,
} from './state.ts'

/** What a stage of the way forward comes to: a step, or a reason to go back. */
export type Forward = Step | { readonly kind: 'turn'; readonly reason: string }

const turn = (reason: string): Forward => ({ kind: 'turn', reason })

const enter = (state: State, stage: Stage): State => ({ ...state, stage, goodAnswers: 0 })

/** Answers of the new workers that are wanted before anything irrevocable is done. */
const enough = 3

const install = (state: State, seen: Observation): Forward => {
  if (seen.files === 'foreign') return turn('another program replaced the files')
  if (seen.files === 'new') return act(enter(state, 'test'), 'test')
  return hasActed(state, 'swap') ? turn('the new files were not installed') : act(state, 'swap')
}

const test = (state: State, seen: Observation): Forward => {
  if (seen.files !== 'new') return turn('another program replaced the files')
  if (!hasActed(state, 'test')) return act(state, 'test')
  if (state.kind === 'install') return end(state, 'done')
  if (seen.old !== null) return act(enter(state, 'start'), 'start-new')
  return seen.fresh === null ? turn('the old master has exited') : wait(enter(state, 'quit'))
}

/** What must not be seen of a new nginx. */
const problemOf = (state: State, { fresh, probe }: Observation): string | null => {
  const there = fresh === null ? [] : [...fresh.workers, ...fresh.leaving]
  const dead = state.workers.filter((pid) => !there.includes(pid))
  if (dead.length > 0)
    return `worker ${dead.length === 1 ? 'process' : 'processes'} ${dead.join(', ')} of the new nginx died`
  return probe?.bad ?? null
}

const start = (state: State, seen: Observation, limits: Limits): Forward => {
  const { old, fresh, probe } = seen
  if (fresh === null) {
    if (old === null) return turn('the old master has exited')
    if (state.wasBorn || seen.cameBack) return turn('the new nginx exited at startup')
    if (!hasActed(state, 'start-new')) return act(state, 'start-new')
    return seen.elapsedMs < limits.startMs
      ? wait(state)
      : turn('the old master started no new master after USR2')
  }
  const problem = problemOf(state, seen)
  if (problem !== null) return turn(problem)
  const serves = fresh.hasPidFile && fresh.workers.length > 0
  // Both take connections now: it may be that the old workers get all of ours.
  const isOvertaken = (probe?.others ?? 0) > 0 && seen.elapsedMs > limits.signalMs / 2
  const isAnswered = !seen.isProbed || state.goodAnswers >= enough || isOvertaken
  if (serves && isAnswered)
    return old === null ? wait(enter(state, 'quit')) : act(enter(state, 'drain'), 'drain-old')
  return seen.elapsedMs < limits.startMs ? wait(state) : turn('the new nginx did not serve in time')
}

const drain = (state: State, seen: Observation, limits: Limits): Forward => {
  const { old, fresh } = seen
  if (fresh === null) return turn('the new master died')
  const problem = problemOf(state, seen)
  if (problem !== null) return turn(problem)
  if (old === null) return wait(enter(state, 'quit'))
  if (old.workers.length > 0) {
    if (!hasActed(state, 'drain-old')) return act(state, 'drain-old')
    return seen.elapsedMs < limits.signalMs
      ? wait(state)
      : turn('the workers of the old master do not exit after WINCH')
  }
  if (seen.elapsedMs < limits.soakMs) return wait(state)
  if (!seen.isProbed || state.goodAnswers >= enough) return act(enter(state, 'quit'), 'quit-old')
  return seen.elapsedMs < limits.soakMs + limits.startMs
    ? wait(state)
    : turn('the new nginx did not answer')
}

/** There is no way back to the old processes from here. */
const quit = (state: State, seen: Observation, limits: Limits): Forward => {
  const { old, fresh } = seen
  if (fresh === null) return turn('the new master died')
  if (old !== null && !hasActed(state, 'quit-old')) return act(state, 'quit-old')
  if (old !== null && seen.elapsedMs < limits.drainMs) return wait(state)
  const problem = problemOf(state, seen)
  // A master without workers answers no request; an old nginx that is started again does.
  if (problem !== null && fresh.workers.length === 0) return turn(problem)
  const serves = fresh.hasPidFile && fresh.workers.length > 0
  if (serves && problem === null && (!seen.isProbed || state.goodAnswers > 0))
    return end(state, 'done', old === null ? null : 'the old master still has active requests')
  return problem === null && seen.elapsedMs < limits.drainMs + limits.startMs
    ? wait(state)
    : end(state, 'failed', problem ?? 'the new nginx no longer serves')
}

const stages: Readonly<
  Record<Stage, (state: State, seen: Observation, limits: Limits) => Forward>
> = {
  install,
  test,
  start,
  drain,
  quit,
}

export const goForward = (state: State, seen: Observation, limits: Limits): Forward => {
  if (state.stage !== 'quit') {
    if (seen.isInterrupted) return turn('sessctl was interrupted')
    if (seen.failure !== null) return turn(seen.failure)
  }
  return stages[state.stage](state, seen, limits)
}
