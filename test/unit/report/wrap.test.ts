import { styleText } from 'node:util'
import { describe, expect, test } from 'vitest'
import { wrapped } from '../../../src/report/wrap.ts'
import { fc } from '../../support/fast-check.ts'

describe('a line that is longer than the terminal', () => {
  test('is broken between words, and its text stays in its column', () => {
    expect(wrapped(`  sessions      ${'half of the clients '.repeat(4).trim()}`, 60)).toEqual([
      '  sessions      half of the clients half of the clients half',
      '                of the clients half of the clients',
    ])
  })
  test('is measured without its colours', () => {
    const red = styleText('red', 'a'.repeat(30), { validateStream: false })
    expect(wrapped(`${red} ${'b'.repeat(25)}`, 60)).toHaveLength(1)
  })
  test.each([
    ['a command', `    $ ${'word '.repeat(30).trim()}`, 60],
    ['one long word', 'x'.repeat(200), 60],
    ['no terminal', 'word '.repeat(30).trim(), null],
    ['a very narrow terminal', 'word '.repeat(30).trim(), 20],
  ])('stays one line: %s', (_, line, columns) => {
    expect(wrapped(line, columns)).toEqual([line])
  })
  test('keeps every word, in lines that fit unless a word does not', () => {
    const words = fc.array(fc.stringMatching(/^\w{1,30}$/), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, fc.integer({ min: 70, max: 120 }), fc.nat(10), (all, columns, indent) => {
        const line = `${' '.repeat(indent)}${all.join(' ')}`
        const lines = wrapped(line, columns)
        expect(lines.map((each) => each.trim()).join(' ')).toBe(line.trim())
        for (const each of lines) expect(each.length).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
