import { describe, expect, test } from 'vitest'
import { progressOn } from '../../../src/report/progress.ts'
import { styleFor } from '../../../src/report/style.ts'

const wipe = '\r\u001b[2K'

/** What is on the screen in the end, line by line. */
const screenOf = (written: string): readonly string[] =>
  written.split('\n').map((line) => line.split(wipe).at(-1) ?? '')

const watched = (isTerminal: boolean, columns = 80) => {
  const state = { written: '', now: 0 }
  const write = (text: string) => {
    state.written += text
  }
  const screen = { isTerminal, columns, write }
  return { state, ...progressOn(screen, () => state.now, styleFor(false)) }
}

/** Work that lasts until a test ends it. */
const pending = () => {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  return { work: () => over, end: () => end() }
}

describe('progress', () => {
  test('a terminal shows the work in progress below the finished work', async () => {
    const { state, progress, draw } = watched(true)
    const [one, two] = [pending(), pending()]
    const first = progress.during('starting one', one.work)
    state.now = 2500
    const second = progress.during('starting two', two.work)
    expect(screenOf(state.written)).toEqual(['2 s  starting one, starting two'])
    progress.say('shop.yaml:')
    state.now = 4000
    draw()
    expect(screenOf(state.written)).toEqual(['shop.yaml:', '4 s  starting one, starting two'])
    one.end()
    await first
    expect(screenOf(state.written)).toEqual([
      'shop.yaml:',
      'starting one: 4.0 s',
      '1 s  starting two',
    ])
    two.end()
    await second
    expect(screenOf(state.written)).toEqual([
      'shop.yaml:',
      'starting one: 4.0 s',
      'starting two: 1.5 s',
      '',
    ])
  })

  test('a detail is drawn again at most every tenth of a second', async () => {
    const { state, progress } = watched(true)
    await progress.during('scenario kill', async (showDetail) => {
      state.now = 50
      showDetail('1 responses')
      expect(screenOf(state.written)).toEqual(['0 s  scenario kill'])
      state.now = 150
      showDetail('2 responses')
      expect(screenOf(state.written)).toEqual(['0 s  scenario kill: 2 responses'])
    })
  })

  test('work that fails leaves no line', async () => {
    const { state, progress } = watched(true)
    const failing = progress.during('starting', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(screenOf(state.written)).toEqual([''])
  })

  test('a line is cut at the width of the terminal, and control characters are made visible', () => {
    const { state, progress } = watched(true, 12)
    void progress.during('starting a\u001b[31m name', pending().work)
    expect(screenOf(state.written)).toEqual(['0 s  starti'])
    progress.say('a\u001b[31m name')
    expect(screenOf(state.written)[0]).toBe('a^[[31m name')
  })

  test('without a terminal: one line for each finished work', async () => {
    const { state, progress, draw } = watched(false)
    await progress.during('starting one', async (showDetail) => {
      state.now = 300
      showDetail('50 %')
    })
    draw()
    expect(state.written).toBe('starting one: 0.3 s\n')
  })
})
