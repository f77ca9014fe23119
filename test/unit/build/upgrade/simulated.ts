import { next } from '../../../../src/build-nginx/core/upgrade/next.ts'
import {
  type Action,
  begin,
  type End,
  type Limits,
  type Observation,
  resumed,
  type State,
} from '../../../../src/build-nginx/core/upgrade/state.ts'

/** The faults; numbers are ticks of the clock, one for each check. */
export interface Faults {
  readonly testFails: boolean
  readonly newDiesAtStart: boolean
  readonly newHasNoWorkers: boolean
  /** It takes a while until the new master is seen. */
  readonly isSlow: boolean
  /** The old master handles WINCH after so many ticks. */
  readonly winchTakes: number
  readonly probeIsBadFrom: number | null
  readonly workerDiesAt: number | null
  readonly newDiesAt: number | null
  readonly ignoresQuit: boolean
  readonly ignoresTerm: boolean
  readonly interruptedAt: number | null
  /** sessctl is killed before (or after) its action number so and so. */
  readonly crashes: readonly {
    readonly action: number
    readonly isAfter: boolean
    readonly goal: 'forward' | 'back'
  }[]
}

export const noFaults: Faults = {
  testFails: false,
  newDiesAtStart: false,
  newHasNoWorkers: false,
  isSlow: false,
  winchTakes: 0,
  probeIsBadFrom: null,
  workerDiesAt: null,
  newDiesAt: null,
  ignoresQuit: false,
  ignoresTerm: false,
  interruptedAt: null,
  crashes: [],
}

export const limits: Limits = { soakMs: 3_000, startMs: 8_000, signalMs: 4_000, drainMs: 6_000 }
const tickMs = 1_000

interface Master {
  workers: number[]
}

/** nginx as its documentation describes it, and a host that sessctl changes. */
export interface World {
  files: 'old' | 'new'
  old: Master | null
  fresh: Master | null
  /** Ticks until a new master is there; 0: none is being started. */
  pending: number
  /** Ticks until WINCH is handled; null: none was sent. */
  winchIn: number | null
  /** WINCH was handled: when the new master ends, the old one starts its workers again. */
  isDrained: boolean
  hasComeBack: boolean
  nextPid: number
  readonly actions: Action[]
  /** What must never happen. */
  readonly mistakes: string[]
}

const workersOf = (world: World): number[] => [world.nextPid++, world.nextPid++]

const endFresh = (world: World): void => {
  world.fresh = null
  world.hasComeBack = world.old !== null
  if (world.old === null || !world.isDrained) return
  world.old.workers = workersOf(world)
  world.isDrained = false
}

const refill = (world: World): void => {
  if (world.old === null) return
  if (world.old.workers.length > 0) world.mistakes.push('twice as many workers')
  if (world.fresh === null && world.files !== 'old')
    world.mistakes.push('the old master read its configuration with new modules')
  world.old.workers = workersOf(world)
  world.isDrained = false
}

const beDrained = (world: World): void => {
  if (world.winchIn === null || world.winchIn-- > 0) return
  world.winchIn = null
  if (world.old === null) return
  world.old.workers = []
  world.isDrained = true
}

const beBorn = (world: World, faults: Faults): void => {
  if (world.pending === 0 || --world.pending > 0 || world.old === null) return
  if (faults.newDiesAtStart) world.hasComeBack = true
  else world.fresh = { workers: faults.newHasNoWorkers ? [] : workersOf(world) }
}

const startNew = (world: World, faults: Faults): void => {
  // While its new master lives, an old one ignores USR2.
  if (world.old === null || world.fresh !== null || world.pending > 0) return
  world.pending = faults.isSlow ? 4 : 1
  beBorn(world, faults)
}

/** @returns what the action said when it failed. */
const apply = (world: World, action: Action, faults: Faults): string | null => {
  world.actions.push(action)
  switch (action) {
    case 'swap':
      world.files = 'new'
      return null
    case 'test':
      return faults.testFails ? 'unknown directive' : null
    case 'start-new':
      startNew(world, faults)
      return null
    case 'drain-old':
      world.winchIn = faults.winchTakes
      if (faults.winchTakes === 0) beDrained(world)
      return null
    case 'quit-old':
    case 'term-old':
      if (world.fresh === null && action === 'quit-old') world.mistakes.push('nobody was left')
      world.old = null
      return null
    case 'refill-old':
      refill(world)
      return null
    case 'quit-new':
      if (!faults.ignoresQuit) endFresh(world)
      return null
    case 'term-new':
      if (!faults.ignoresTerm) endFresh(world)
      return null
    case 'kill-new':
      endFresh(world)
      return null
    case 'restore':
      world.files = 'old'
      return null
    case 'start-old':
      if (world.old !== null || world.fresh !== null) world.mistakes.push('started beside another')
      world.old = { workers: workersOf(world) }
      return null
  }
}

const befall = (world: World, tick: number, faults: Faults): void => {
  beBorn(world, faults)
  beDrained(world)
  if (world.fresh === null) return
  if (faults.newDiesAt !== null && tick === faults.newDiesAt) endFresh(world)
  else if (faults.workerDiesAt !== null && tick === faults.workerDiesAt)
    world.fresh.workers = [world.nextPid++, ...world.fresh.workers.slice(1)]
}

const seenOf = (
  world: World,
  state: State,
  tick: number,
  elapsedMs: number,
  failure: string | null,
  faults: Faults,
): Observation => {
  const isBad = faults.probeIsBadFrom !== null && tick >= faults.probeIsBadFrom
  const asked = world.fresh !== null && world.fresh.workers.length > 0 && state.goal === 'forward'
  return {
    elapsedMs,
    files: world.files,
    old: world.old === null ? null : { workers: world.old.workers, leaving: [] },
    fresh:
      world.fresh === null ? null : { workers: world.fresh.workers, leaving: [], hasPidFile: true },
    cameBack: world.hasComeBack && world.fresh === null && world.old !== null,
    isChanging: world.old !== null && (world.fresh !== null || world.pending > 0),
    probe: asked
      ? { good: isBad ? 0 : 2, others: 0, bad: isBad ? 'answered with 500' : null }
      : null,
    isProbed: true,
    failure,
    isInterrupted: faults.interruptedAt !== null && tick >= faults.interruptedAt,
    isRebooted: false,
  }
}

export interface Run {
  readonly end: End | 'endless'
  readonly state: State
  readonly world: World
}

const mostTicks = 300

/** A whole upgrade in a world where these things go wrong. */
export const simulate = (faults: Faults, kind: State['kind'] = 'upgrade'): Run => {
  const world: World = {
    files: 'old',
    old: { workers: [1, 2] },
    fresh: null,
    pending: 0,
    winchIn: null,
    isDrained: false,
    hasComeBack: false,
    nextPid: 3,
    actions: [],
    mistakes: [],
  }
  const crashes = [...faults.crashes]
  let state = begin(kind)
  let [since, count] = [0, 0]
  let failure: string | null = null
  for (let tick = 1; tick < mostTicks; tick++) {
    befall(world, tick, faults)
    const seen = seenOf(world, state, tick, (tick - since) * tickMs, failure, faults)
    failure = null
    const step = next(state, seen, limits)
    const isTurn = step.state.goal !== state.goal || step.state.stage !== state.stage
    state = step.state
    if (step.kind === 'end') {
      // What is still on its way arrives.
      while (world.pending > 0) beBorn(world, faults)
      while (world.winchIn !== null) beDrained(world)
      return { end: step.end, state, world }
    }
    if (isTurn) since = tick
    if (step.kind === 'wait') continue
    count++
    const crash = crashes[0]?.action === count ? crashes.shift() : undefined
    if (crash === undefined || crash.isAfter) failure = apply(world, step.action, faults)
    since = tick
    if (crash === undefined) continue
    failure = null
    const isOver = world.fresh !== null && (world.old === null || state.stage === 'quit')
    state = resumed(state, isOver ? 'forward' : crash.goal, 'it was asked for')
  }
  return { end: 'endless', state, world }
}
