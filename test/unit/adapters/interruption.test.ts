import { expect, test } from 'vitest'
import { interruption } from '../../../src/adapters/interruption.ts'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const listeners = () => names.map((name) => process.listenerCount(name))

test('signals have their default action unless a cleanup is registered', async () => {
  const before = listeners()
  const { guard, signal } = interruption()
  expect(listeners()).toEqual(before)
  const inner = await guard(() => guard(async () => listeners()))
  expect(inner).toEqual(before.map((count) => count + 1))
  expect(listeners()).toEqual(before)
  await expect(guard(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(listeners()).toEqual(before)
  expect(signal.aborted).toBe(false)
})

test.each(names)('after %s, any second signal has its default action', async (name) => {
  const before = listeners()
  const { guard, guardAll, signal, caught } = interruption()
  await guard(async () => {
    guardAll()
    process.listeners(name).at(-1)?.(name)
    expect(signal.aborted).toBe(true)
    expect(listeners()).toEqual(before)
    // Nor does cleaning up, which runs programs as well, catch the next one.
    await guard(async () => expect(listeners()).toEqual(before))
  })
  expect(caught()).toBe(name)
})
