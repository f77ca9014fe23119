import { goBack } from './back.ts'
import { goForward } from './forward.ts'
import type { Limits, Observation, State, Step } from './state.ts'

/** What was seen becomes part of what is known. */
const remember = (state: State, { old, fresh, probe }: Observation): State => ({
  ...state,
  wasBorn: state.wasBorn || fresh !== null,
  isDraining: state.isDraining && old !== null && old.workers.length > 0,
  goodAnswers: state.goodAnswers + (probe?.good ?? 0),
})

const withWorkers = (step: Step, { fresh }: Observation): Step => ({
  ...step,
  state: { ...step.state, workers: fresh?.workers ?? [] },
})

/**
 * The next step of an upgrade. It depends on what is seen and not on what was meant to happen, so
 * that a run that was killed is continued by asking again.
 */
export const next = (before: State, seen: Observation, limits: Limits): Step => {
  const state = remember(before, seen)
  if (state.goal === 'back') return withWorkers(goBack(state, seen, limits), seen)
  const step = goForward(state, seen, limits)
  if (step.kind !== 'turn') return withWorkers(step, seen)
  const turned: State = { ...state, goal: 'back', reason: step.reason, acted: [] }
  return withWorkers(goBack(turned, { ...seen, failure: null, elapsedMs: 0 }, limits), seen)
}
