import { describe, expect, test } from 'vitest'
import type { BuildEvent } from '../../../src/build-nginx/core/steps/events.ts'
import type { BuildWorld } from '../../../src/build-nginx/ports/build.ts'
import { engineFor } from '../../../src/build-nginx/run/engine.ts'

const world = {
  clock: { ticks: () => 0 },
  disk: { write: () => Promise.reject(new Error('no space is left')) },
} as unknown as Pick<BuildWorld, 'clock' | 'disk'>

describe('a log that cannot be written', () => {
  test('does not discard the result', async () => {
    const events: BuildEvent[] = []
    const engine = engineFor(world, (event) => events.push(event), '/logs')
    const value = await engine.run('upgrade', async ({ say }) => {
      say('something')
      return { value: 'done', summary: '', isCached: false }
    })
    expect(value).toBe('done')
    expect(engine.records()).toMatchObject([{ step: 'upgrade', log: null }])
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'line', 'done'])
  })
  test('does not hide a failure', async () => {
    const engine = engineFor(world, () => undefined, '/logs')
    const failing = engine.run('compile', async ({ say }) => {
      say('something')
      throw new Error('no compiler')
    })
    await expect(failing).rejects.toThrow('no compiler')
  })
})
