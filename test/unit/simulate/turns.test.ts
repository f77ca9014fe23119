import { expect, test } from 'vitest'
import {
  currentOf,
  nextTurn,
  passTurn,
  takeTurn,
  turnsOf,
} from '../../../src/core/simulate/turns.ts'
import { fc } from '../../support/fast-check.ts'

/** As nginx does it. */
const byAdding = (weights: readonly number[], currents: number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const round = (): void => {
    for (const [item, weight] of weights.entries()) currents[item] = (currents[item] ?? 0) + weight
  }
  const take = (item: number): void => {
    currents[item] = (currents[item] ?? 0) - total
  }
  return {
    next: (): number => {
      round()
      let best = 0
      for (const item of currents.keys())
        if ((currents[item] ?? 0) > (currents[best] ?? 0)) best = item
      take(best)
      return best
    },
    take: (item: number): void => {
      round()
      take(item)
    },
    pass: round,
  }
}

test('chooses the same servers as adding weights to all of them', () => {
  const servers = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -9, max: 9 })),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  const steps = fc.array(fc.integer({ min: -3, max: 15 }), { maxLength: 60 })
  fc.assert(
    fc.property(servers, steps, (given, what) => {
      const weights = given.map(([weight]) => weight)
      const currents = given.map(([, current]) => current)
      const turns = turnsOf(weights, currents)
      const plain = byAdding(weights, currents)
      for (const step of what) {
        if (step === -3) {
          passTurn(turns)
          plain.pass()
        } else if (step >= 0 && step < weights.length) {
          takeTurn(turns, step)
          plain.take(step)
        } else expect(nextTurn(turns)).toBe(plain.next())
        expect(weights.map((_, item) => currentOf(turns, item))).toEqual(currents)
      }
    }),
    { numRuns: 200 },
  )
})

test('without servers there is no turn', () => {
  expect(nextTurn(turnsOf([], []))).toBe(-1)
})
