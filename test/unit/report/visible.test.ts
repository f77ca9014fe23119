import { describe, expect, test } from 'vitest'
import { progressView } from '../../../src/build-nginx/report/progress.ts'
import { formatJson } from '../../../src/report/json.ts'
import { styleFor } from '../../../src/report/style.ts'
import { terminalSafe, visible, visibleInPlace } from '../../../src/report/visible.ts'

const plain = { hasColour: false, isLive: false }
const coloured = { hasColour: true, isLive: false }
const live = { hasColour: true, isLive: true }

/** Every character that acts on a terminal, or turns its text around. */
const hostile = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => character !== '\n' && character !== '\t',
  ),
  ...Array.from({ length: 0x21 }, (_, index) => String.fromCharCode(0x7f + index)),
  ...'\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff',
  '\ud800',
]

describe('output without control characters', () => {
  test.each(hostile.map((character) => [`U+${character.charCodeAt(0).toString(16)}`, character]))(
    '%s is removed',
    (_, character) => {
      for (const allowed of [plain, coloured, live])
        expect(terminalSafe(`a${character}b\n`, allowed)).not.toContain(character)
      expect(visible(`a${character}b`)).not.toContain(character)
      expect(visibleInPlace(`a${character}b`)).toBe('a·b')
    },
  )

  test('keeps text, tabs, line ends, and the styles of sessctl if colours are on', () => {
    const style = styleFor(true)
    const all = Object.values(style).map((paint) => paint('é\t日本 ::1 #[x] ##'))
    const text = `${all.join('\n')}\n`
    expect(terminalSafe(text, coloured)).toBe(text)
    expect(terminalSafe(style.red('x'), plain)).toBe('^[[31mx^[[39m')
    expect(terminalSafe('\r\u001b[2Kx', live)).toBe('\r\u001b[2Kx')
    expect(terminalSafe('\r\u001b[2Kx', coloured)).toBe('^M^[[2Kx')
  })

  test.each([
    '\u001b[8m',
    '\u001b[2J',
    '\u001b]0;t\u0007',
    '\u001b[38;5;1m',
    '\u001b[1A',
    '\u009b31m',
  ])('removes a sequence that is not a style of sessctl: %j', (sequence) => {
    expect(terminalSafe(sequence, live).replace(/\P{Cc}/gu, '')).toBe('')
  })

  test.each([
    '::error file=a,line=1::b',
    ' ::stop-commands::x',
    '\t::add-mask::secret',
    '::warning::%0A::error::x',
    '##[error]x',
    'a ##[add-mask]x',
    '##vso[task.setvariable variable=x]y',
    "##teamcity[buildProblem description='x']",
  ])('removes a command for a CI system: %j', (command) => {
    const shown = terminalSafe(`first\n${command}\nlast\n`, coloured)
    // As GitHub reads a line: `::` at its start, blanks aside, or `##[` anywhere.
    expect(shown).not.toMatch(/^\s*::[A-Za-z]/m)
    expect(shown).not.toMatch(/##(?:\[|vso\[|teamcity\[)/)
  })

  test('takes linear time', () => {
    const before = process.cpuUsage()
    for (const text of [
      ' '.repeat(1e6),
      `::${'a'.repeat(1e6)}`,
      '#'.repeat(1e6),
      '\u001b'.repeat(1e5),
    ])
      terminalSafe(text, live)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
  })
})

test('JSON contains the same text, escaped', () => {
  const text = `${hostile.slice(0, -1).join('')}\t##[error] ##vso[x] ##teamcity[y]`
  const json = formatJson('x', 0, { [text]: text })
  expect(json).toMatch(/^[\n -~]*$/)
  expect(json).not.toMatch(/##[[vt]/)
  expect(JSON.parse(json)).toMatchObject({ [text]: text })
})

test('output of configure and make is shown without control sequences', () => {
  const text = `checking${hostile.join('')} ##[error]x`
  for (const isVerbose of [true, false]) {
    const view = progressView({ isTerminal: true, columns: 200, isVerbose, style: styleFor(false) })
    const shown = [
      view({ kind: 'line', step: 'compile', text }),
      view({ kind: 'progress', step: 'compile', what: text, done: 1, total: 2 }),
      view({
        kind: 'advice',
        step: 'compile',
        advice: { level: 'note', message: text, help: text },
      }),
      view({ kind: 'done', step: 'compile', summary: text, isCached: false, milliseconds: 1 }),
    ].join('')
    const rest = shown.replaceAll('\r\u001b[2K', '')
    expect(rest).toContain('checking')
    expect(rest).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}|##\[/u)
  }
})
