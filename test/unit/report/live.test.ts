import { describe, expect, test } from 'vitest'
import { scenarios } from '../../../src/core/traffic/scenarios.ts'
import { labProgress } from '../../../src/report/lab-progress.ts'
import { styleFor } from '../../../src/report/style.ts'
import { trafficProgress } from '../../../src/report/traffic/progress.ts'

const wipe = '\r\u001b[2K'

/** What is on the screen in the end, line by line. */
const screenOf = (written: string): readonly string[] =>
  written.split('\n').map((line) => line.split(wipe).at(-1) ?? '')

const watched = (isTerminal: boolean, columns = 80) => {
  const state = { written: '', now: 0 }
  const surface = { isTerminal, columns, style: styleFor(false) }
  const write = (text: string) => {
    state.written += text
  }
  return { state, surface, write, ...labProgress({ ...surface, write, ticks: () => state.now }) }
}

/** Something that takes until it is told to end. */
const pending = () => {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  return { work: () => over, end: () => end() }
}

describe('progress of a lab', () => {
  test('on a terminal: what is under way below what is done, with the seconds of the oldest', async () => {
    const { state, progress, draw } = watched(true)
    const [one, two] = [pending(), pending()]
    const first = progress.during('starting one', one.work)
    state.now = 2500
    const second = progress.during('starting two', two.work)
    expect(screenOf(state.written)).toEqual(['2 s  starting one, starting two'])
    progress.say('store: Redis is up')
    state.now = 4000
    draw()
    expect(screenOf(state.written)).toEqual([
      'store: Redis is up',
      '4 s  starting one, starting two',
    ])
    one.end()
    await first
    expect(screenOf(state.written)).toEqual(['store: Redis is up', '1 s  starting two'])
    two.end()
    await second
    expect(screenOf(state.written)).toEqual(['store: Redis is up', ''])
  })

  test('work that fails leaves no line', async () => {
    const { state, progress } = watched(true)
    const failing = progress.during('starting', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(screenOf(state.written)).toEqual([''])
  })

  test('a narrow terminal has no second line, and no character does anything to it', () => {
    const { state, progress } = watched(true, 12)
    void progress.during('starting a\u001b[31m name', pending().work)
    expect(screenOf(state.written)).toEqual(['0 s  starti'])
    progress.say('a\u001b[31m name')
    expect(screenOf(state.written)[0]).toBe('a^[[31m name')
  })

  test('elsewhere: plain lines', async () => {
    const { state, progress, draw } = watched(false)
    await progress.during('starting one', async () => progress.say('one is up'))
    draw()
    expect(state.written).toBe('one is up\n')
  })
})

test('progress of traffic is one line of a terminal, a line for each scenario elsewhere', () => {
  const [scenario] = scenarios
  if (scenario === undefined) throw new Error('no scenario')
  const shown = (isTerminal: boolean) => {
    const { state, surface, write } = watched(isTerminal, 30)
    const { begin, end } = trafficProgress({ ...surface, write }, false)
    const told = begin(scenario)
    for (let answer = 0; answer < 50; answer++) told()
    const during = screenOf(state.written)
    end()
    return { during, after: screenOf(state.written) }
  }
  expect(shown(true)).toEqual({ during: ['spread    Clients spread: 41 '], after: [''] })
  const plain = ['spread    Clients spread', '']
  expect(shown(false)).toEqual({ during: plain, after: plain })
})
