import { describe, expect, test } from 'vitest'
import { readHaproxy } from '../../readers/haproxy.ts'
import { ReaderError } from '../../readers/reader-error.ts'

const environment = new Map([['SECRET', 'a "b\\ #']])
const wordsOf = (raw: string): unknown =>
  readHaproxy(`global\n  k ${raw}\n`, environment)[0]?.lines[0]?.words.slice(1)

describe('readHaproxy', () => {
  test('returns sections and their lines', () => {
    const text = '# c\nglobal\n\n  log a # b\nbackend "x y" # z\n\tmode\thttp\r\nlisten l\n'
    expect(readHaproxy(text)).toEqual([
      { words: ['global'], line: 2, lines: [{ words: ['log', 'a'], line: 4 }] },
      { words: ['backend', 'x y'], line: 5, lines: [{ words: ['mode', 'http'], line: 6 }] },
      { words: ['listen', 'l'], line: 7, lines: [] },
    ])
  })

  test.each([
    ['a\\ b\\#c "d # e" f#g h', ['a b#c', 'd # e', 'f']],
    ['\\\\ \\t \\r\\n \\x41 \\" \\\' \\q \\$', ['\\', '\t', '\r\n', 'A', '"', "'", '\\q', '\\$']],
    ['"\\$a \\" \\\' \\\\ \' \\x41 \\q"', ["$a \" ' \\ ' A \\q"]],
    [`'$a \\ " \\x41 # \\'`, ['$a \\ " \\x41 # \\']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    ['$SECRET "$SECRET" "x\\u007bSECRET}"', ['$SECRET', 'a "b\\ #', 'x\\u007bSECRET}']],
    ['"$NONE.x" y', ['.x', 'y']],
    ['a "" b', ['a']],
    ['a\\x00b c', ['a', 'c']],
    ['é😀\u2028\ufeff', ['é😀\u2028\ufeff']],
    ['a;{}%[b]', ['a;{}%[b]']],
    ['a\rb', ['a']],
  ])('reads the words of %j', (raw, words) => {
    expect(wordsOf(raw)).toEqual(words)
  })

  test('expands a variable in braces, only within double quotes', () => {
    const named = ['$', '{SECRET}'].join('')
    expect(wordsOf(`"<${named}>" '${named}' ${named}`)).toEqual(['<a "b\\ #>', named, named])
  })

  test.each([
    ['global', 'Missing LF on last line', 1],
    ['global\n a\0b\n', 'Stray NUL character', 2],
    ['a b\n', 'out of section', 1],
    ['global\n  a "b\n', 'unmatched quote', 2],
    ["global\n  a 'b\\'c'\n", 'unmatched quote', 2],
    ['global\n  a "b\rc"\n', 'unmatched quote', 2],
    ['global\n  a \\x4\n', 'truncated or invalid hexadecimal sequence', 2],
    ['global\n  a "$-"\n', 'forbidden first char in environment variable name', 2],
    ['global\n  a "$\u007bb-c}"\n', 'unmatched brace in environment variable name', 2],
    [`global\n  ${'a '.repeat(65)}\n`, 'too many words', 2],
  ])('refuses %j', (text, message, line) => {
    const refused = (): unknown => readHaproxy(text)
    expect(refused).toThrow(ReaderError)
    expect(refused).toThrow(expect.objectContaining({ message, line }))
  })
})
