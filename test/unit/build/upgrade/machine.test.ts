import { describe, expect, test } from 'vitest'
import { next } from '../../../../src/build-nginx/core/upgrade/next.ts'
import {
  begin,
  type Observation,
  type State,
} from '../../../../src/build-nginx/core/upgrade/state.ts'
import { fc } from '../../../support/fast-check.ts'
import { type Faults, limits, noFaults, simulate } from './simulated.ts'

const quiet: Observation = {
  elapsedMs: 0,
  files: 'new',
  old: { workers: [1], leaving: [] },
  fresh: null,
  cameBack: false,
  isChanging: false,
  probe: null,
  isProbed: true,
  failure: null,
  isInterrupted: false,
  isRebooted: false,
}
const fresh = { workers: [7], leaving: [], hasPidFile: true }
const good = { good: 3, others: 0, bad: null }
const drained = { workers: [], leaving: [1] }

const at = (stage: State['stage'], more: Partial<State> = {}): State => ({
  ...begin('upgrade'),
  stage,
  ...more,
})
const back = (stage: State['stage'], more: Partial<State> = {}): State =>
  at(stage, { goal: 'back', reason: 'x', ...more })

/** What the machine does, in a word: an action, `wait`, or how it ends. */
const decide = (state: State, seen: Partial<Observation>): string => {
  const step = next(state, { ...quiet, ...seen }, limits)
  const goal = step.state.goal === state.goal ? '' : 'turn: '
  return `${goal}${step.kind === 'do' ? step.action : step.kind === 'wait' ? `wait in ${step.state.stage}` : step.end}`
}

const elapsed = (milliseconds: number) => ({ elapsedMs: milliseconds })

describe('forward', () => {
  const rows: readonly (readonly [string, State, Partial<Observation>, string])[] = [
    ['files first', at('install'), { files: 'old' }, 'swap'],
    ['half of them', at('install'), { files: 'mixed' }, 'swap'],
    ['then nginx -t', at('install'), {}, 'test'],
    ['somebody else was there', at('install'), { files: 'foreign' }, 'turn: failed'],
    ['the swap failed', at('install', { acted: ['swap'] }), { files: 'mixed' }, 'turn: restore'],
    ['the disk is full', at('install'), { files: 'old', failure: 'x' }, 'turn: rolled-back'],
    ['asked again after a crash', at('test'), {}, 'test'],
    ['nginx -t failed', at('test', { acted: ['test'] }), { failure: 'x' }, 'turn: restore'],
    ['files changed under it', at('test'), { files: 'foreign' }, 'turn: failed'],
    ['USR2', at('test', { acted: ['test'] }), {}, 'start-new'],
    ['no master any more', at('test', { acted: ['test'] }), { old: null }, 'turn: restore'],
    [
      'somebody was quicker',
      at('test', { acted: ['test'] }),
      { old: null, fresh, probe: good },
      'wait in quit',
    ],
    ['USR2 was not sent', at('start'), {}, 'start-new'],
    ['it is coming', at('start', { acted: ['start-new'] }), elapsed(7_999), 'wait in start'],
    ['it never came', at('start', { acted: ['start-new'] }), elapsed(8_000), 'turn: wait in start'],
    ['it came and went', at('start'), { cameBack: true }, 'turn: restore'],
    ['it was there', at('start', { wasBorn: true }), {}, 'turn: restore'],
    ['both are gone', at('start'), { old: null }, 'turn: restore'],
    ['no pid file yet', at('start'), { fresh: { ...fresh, hasPidFile: false } }, 'wait in start'],
    ['no worker yet', at('start'), { fresh: { ...fresh, workers: [] } }, 'wait in start'],
    [
      'never a worker',
      at('start'),
      { fresh: { ...fresh, workers: [] }, ...elapsed(8_000) },
      'turn: quit-new',
    ],
    [
      'not asked often enough',
      at('start'),
      { fresh, probe: { ...good, good: 2 } },
      'wait in start',
    ],
    ['WINCH', at('start', { goodAnswers: 1 }), { fresh, probe: { ...good, good: 2 } }, 'drain-old'],
    ['nobody to ask', at('start'), { fresh, isProbed: false }, 'drain-old'],
    [
      'the old workers answer all',
      at('start'),
      { fresh, probe: { good: 0, others: 9, bad: null }, ...elapsed(2_001) },
      'drain-old',
    ],
    ['a wrong answer', at('start'), { fresh, probe: { ...good, bad: 'x' } }, 'turn: quit-new'],
    ['a worker died', at('start', { workers: [6] }), { fresh }, 'turn: quit-new'],
    [
      'a worker leaves after a reload',
      at('start', { workers: [6] }),
      { fresh: { ...fresh, leaving: [6] }, probe: good },
      'drain-old',
    ],
    ['the old one died by itself', at('start'), { old: null, fresh, probe: good }, 'wait in quit'],
    ['interrupted', at('start'), { fresh, isInterrupted: true }, 'turn: quit-new'],
    ['WINCH was not sent', at('drain'), { fresh }, 'drain-old'],
    [
      'they are going',
      at('drain', { acted: ['drain-old'] }),
      { fresh, ...elapsed(3_999) },
      'wait in drain',
    ],
    [
      'they stay',
      at('drain', { acted: ['drain-old'] }),
      { fresh, ...elapsed(4_000) },
      'turn: quit-new',
    ],
    ['soaking', at('drain'), { old: drained, fresh, ...elapsed(2_999) }, 'wait in drain'],
    [
      'QUIT',
      at('drain', { goodAnswers: 3 }),
      { old: drained, fresh, ...elapsed(3_000) },
      'quit-old',
    ],
    [
      'nobody has answered',
      at('drain'),
      { old: drained, fresh, ...elapsed(3_000) },
      'wait in drain',
    ],
    [
      'nobody ever answered',
      at('drain'),
      { old: drained, fresh, ...elapsed(11_000) },
      'turn: refill-old',
    ],
    ['the new one died in the soak', at('drain'), { old: drained }, 'turn: wait in drain'],
    [
      'a worker died in the soak',
      at('drain', { workers: [6] }),
      { old: drained, fresh },
      'turn: refill-old',
    ],
    [
      'interrupted in the soak',
      at('drain'),
      { old: drained, fresh, isInterrupted: true },
      'turn: refill-old',
    ],
    ['the old one died in the soak', at('drain'), { old: null, fresh }, 'wait in quit'],
    ['QUIT was not sent', at('quit'), { old: drained, fresh }, 'quit-old'],
    [
      'it goes',
      at('quit', { acted: ['quit-old'] }),
      { old: drained, fresh, probe: good },
      'wait in quit',
    ],
    ['done', at('quit'), { old: null, fresh, probe: good }, 'done'],
    [
      'done, with long requests under way',
      at('quit', { acted: ['quit-old'] }),
      { old: drained, fresh, probe: good, ...elapsed(6_000) },
      'done',
    ],
    [
      'no way back from here',
      at('quit'),
      { old: null, fresh, isInterrupted: true, probe: good },
      'done',
    ],
    ['it serves no more', at('quit'), { old: null, fresh, probe: { ...good, bad: 'x' } }, 'failed'],
    [
      'its workers died, all of them',
      at('quit', { workers: [7] }),
      { old: null, fresh: { ...fresh, workers: [] } },
      'turn: term-new',
    ],
    ['it is gone', at('quit'), { old: null }, 'turn: restore'],
    [
      'install only',
      { ...at('test', { acted: ['test'] }), kind: 'install' },
      { old: null },
      'done',
    ],
  ]
  test.each(rows)('%s', (_, state, seen, expected) => {
    expect(decide(state, seen)).toBe(expected)
  })
})

describe('back', () => {
  const rows: readonly (readonly [string, State, Partial<Observation>, string])[] = [
    ['files, where no process was touched', back('test'), {}, 'restore'],
    ['they are back', back('test'), { files: 'old' }, 'rolled-back'],
    ['they are not', back('test', { acted: ['restore'] }), { files: 'mixed' }, 'failed'],
    ['they are somebody else’s', back('test'), { files: 'foreign' }, 'failed'],
    ['USR2 may still be heard', back('start'), elapsed(999), 'wait in start'],
    ['it was not', back('start'), elapsed(1_000), 'restore'],
    ['it is being heard', back('start'), { isChanging: true, ...elapsed(3_999) }, 'wait in start'],
    ['the old one has its workers', back('start'), { fresh }, 'quit-new'],
    [
      'QUIT takes its time',
      back('start', { acted: ['quit-new'] }),
      { fresh, ...elapsed(5_999) },
      'wait in start',
    ],
    ['then TERM', back('start', { acted: ['quit-new'] }), { fresh, ...elapsed(6_000) }, 'term-new'],
    [
      'then KILL',
      back('start', { acted: ['quit-new', 'term-new'] }),
      { fresh, ...elapsed(4_000) },
      'kill-new',
    ],
    [
      'then nothing helps',
      back('start', { acted: ['quit-new', 'term-new', 'kill-new'] }),
      { fresh, ...elapsed(4_000) },
      'failed',
    ],
    ['WINCH may still be handled', back('drain', { isDraining: true }), { fresh }, 'wait in drain'],
    [
      'also when the new one has died',
      back('drain', { isDraining: true }),
      elapsed(3_999),
      'wait in drain',
    ],
    [
      'it is not handled',
      back('drain', { isDraining: true }),
      { fresh, ...elapsed(4_000) },
      'quit-new',
    ],
    [
      'it is handled: HUP',
      back('drain', { isDraining: true }),
      { old: drained, fresh },
      'refill-old',
    ],
    ['HUP before anything else', back('drain'), { old: drained, fresh }, 'refill-old'],
    [
      'they come',
      back('drain', { acted: ['refill-old'] }),
      { old: drained, fresh },
      'wait in drain',
    ],
    ['and are there', back('drain', { acted: ['refill-old'] }), { fresh }, 'quit-new'],
    [
      'if not, the new one goes on',
      back('drain', { acted: ['refill-old'] }),
      { old: drained, fresh, ...elapsed(4_000) },
      'failed',
    ],
    [
      'with the new one gone they come by themselves',
      back('drain'),
      { old: drained },
      'wait in drain',
    ],
    ['if not, with the old files', back('drain'), { old: drained, ...elapsed(4_000) }, 'restore'],
    [
      'it is told to',
      back('drain'),
      { old: drained, files: 'old', ...elapsed(4_000) },
      'refill-old',
    ],
    [
      'in vain',
      back('drain', { acted: ['refill-old'] }),
      { old: drained, files: 'old', ...elapsed(4_000) },
      'failed',
    ],
    ['only the new one is left', back('drain'), { old: null, fresh }, 'failed'],
    ['after QUIT it cannot come back', back('quit'), { old: drained }, 'wait in quit'],
    ['so it ends', back('quit'), { old: drained, ...elapsed(4_000) }, 'term-old'],
    [
      'it does not',
      back('quit', { acted: ['term-old'] }),
      { old: drained, ...elapsed(4_000) },
      'failed',
    ],
    ['nobody is left', back('quit'), { old: null }, 'restore'],
    ['a new start', back('quit'), { old: null, files: 'old' }, 'start-old'],
    [
      'after a boot that is not ours',
      back('quit'),
      { old: null, files: 'old', isRebooted: true },
      'rolled-back',
    ],
    [
      'it starts',
      back('quit', { acted: ['start-old'] }),
      { old: null, files: 'old' },
      'wait in quit',
    ],
    [
      'it does not start',
      back('quit', { acted: ['start-old'] }),
      { old: null, files: 'old', failure: 'x' },
      'failed',
    ],
    ['it serves', back('quit', { acted: ['start-old'] }), { files: 'old' }, 'rolled-back'],
  ]
  test.each(rows)('%s', (_, state, seen, expected) => {
    expect(decide(state, seen)).toBe(expected)
  })
})

const workers = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 })
const nginx = fc.record({ workers, leaving: workers })
const anySeen: fc.Arbitrary<Omit<Observation, 'elapsedMs'>> = fc.record({
  files: fc.constantFrom('old', 'new', 'mixed', 'foreign'),
  old: fc.option(nginx),
  fresh: fc.option(fc.record({ workers, leaving: workers, hasPidFile: fc.boolean() })),
  cameBack: fc.boolean(),
  isChanging: fc.boolean(),
  probe: fc.option(
    fc.record({
      good: fc.integer({ min: 0, max: 3 }),
      others: fc.integer({ min: 0, max: 3 }),
      bad: fc.option(fc.constant('x')),
    }),
  ),
  isProbed: fc.boolean(),
  failure: fc.option(fc.constant('x')),
  isInterrupted: fc.boolean(),
  isRebooted: fc.boolean(),
})

/** More than any way can have: each action once in each direction, and each wait with its limit. */
const mostSteps = 400

test('every sequence of events ends, and changes direction at most once', () => {
  fc.assert(
    fc.property(fc.array(anySeen, { minLength: 1, maxLength: 40 }), (sights) => {
      let [state, since, turns] = [begin('upgrade'), 0, 0]
      for (let step = 0; step < mostSteps; step++) {
        const sight = sights[step % sights.length] ?? quiet
        const decided = next(state, { ...sight, elapsedMs: (step - since) * 1_000 }, limits)
        if (decided.kind === 'end') return turns <= 1
        if (decided.state.goal !== state.goal) turns++
        const isNews = decided.state.goal !== state.goal || decided.state.stage !== state.stage
        if (decided.kind === 'do' || isNews) since = step
        state = decided.state
      }
      return false
    }),
    { numRuns: 4_000 },
  )
})

const tick = fc.option(fc.integer({ min: 1, max: 25 }))
const anyFaults: fc.Arbitrary<Faults> = fc.record({
  testFails: fc.boolean(),
  newDiesAtStart: fc.boolean(),
  newHasNoWorkers: fc.boolean(),
  isSlow: fc.boolean(),
  winchTakes: fc.integer({ min: 0, max: 3 }),
  probeIsBadFrom: tick,
  workerDiesAt: tick,
  newDiesAt: tick,
  ignoresQuit: fc.boolean(),
  ignoresTerm: fc.boolean(),
  interruptedAt: tick,
  crashes: fc
    .uniqueArray(
      fc.record({
        action: fc.integer({ min: 1, max: 12 }),
        isAfter: fc.boolean(),
        goal: fc.constantFrom('forward', 'back'),
      }),
      { maxLength: 3, selector: ({ action }) => action },
    )
    .map((crashes) => crashes.sort((a, b) => a.action - b.action)),
})

describe('on a simulated nginx', () => {
  test('completes without faults', () => {
    const { end, world } = simulate(noFaults)
    expect(end).toBe('done')
    expect(world.actions).toEqual(['swap', 'test', 'start-new', 'drain-old', 'quit-old'])
  })

  test('with any fault, one nginx serves with its own files', () => {
    const ends = new Map<string, number>()
    fc.assert(
      fc.property(anyFaults, (faults) => {
        const { end, world } = simulate(faults)
        ends.set(end, (ends.get(end) ?? 0) + 1)
        expect(world.mistakes).toEqual([])
        const { old, fresh: born, files } = world
        if (end === 'done') {
          expect({ old, files }).toEqual({ old: null, files: 'new' })
          expect(born?.workers.length).toBeGreaterThan(0)
        } else if (end === 'rolled-back') {
          expect({ born, files }).toEqual({ born: null, files: 'old' })
          expect(old?.workers.length).toBeGreaterThan(0)
        } else {
          // Nothing can bring the old processes back once they have ended, and the new one serves.
          expect(end).toBe('failed')
          expect({ old, files }).toEqual({ old: null, files: 'new' })
          expect(born?.workers.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 4_000 },
    )
    expect([...ends.keys()].sort()).toEqual(['done', 'failed', 'rolled-back'])
  })
})
