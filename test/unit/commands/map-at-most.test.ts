import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mapAtMost } from '../../../src/commands/map-at-most.ts'

/** Counts how many run at once. */
const counted = (work: (item: number) => Promise<number>) => {
  const seen = { now: 0, most: 0, begun: [] as number[], ended: 0 }
  return {
    seen,
    work: async (item: number): Promise<number> => {
      seen.begun.push(item)
      seen.now += 1
      seen.most = Math.max(seen.most, seen.now)
      try {
        return await work(item)
      } finally {
        seen.now -= 1
        seen.ended += 1
      }
    },
  }
}

test('works on a limited number at a time, and keeps their order', async () => {
  const { seen, work } = counted(async (item) => {
    await wait((7 * item) % 5)
    return item * 2
  })
  const items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(await mapAtMost(3, items, work)).toEqual(items.map((item) => item * 2))
  expect(seen.most).toBe(3)
})

test.each([0, 1, 8])('an empty list is not a failure, %i at a time', async (most) => {
  expect(await mapAtMost(most, [], async (item: number) => item)).toEqual([])
})

test('undefined is a valid result', async () => {
  expect(await mapAtMost(2, [1, 2], async () => undefined)).toEqual([undefined, undefined])
})

test('after a failure no work is started, running work ends, and the first item is reported', async () => {
  const { seen, work } = counted(async (item) => {
    await wait(item === 0 ? 30 : 5)
    if (item === 0 || item === 1) throw new Error(`item ${item}`)
    await wait(20)
    return item
  })
  await expect(mapAtMost(3, [0, 1, 2, 3, 4, 5], work)).rejects.toThrow('item 0')
  expect(seen.begun).toEqual([0, 1, 2])
  expect(seen.ended).toBe(3)
})
