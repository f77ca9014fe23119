import { describe, expect, test } from 'vitest'
import { longestWord, quote, writtenBytes } from '../../../src/core/dialects/nginx/quote.ts'
import { readNginx } from '../../readers/nginx.ts'
import { ReaderError } from '../../readers/reader-error.ts'
import { fc } from '../../support/fast-check.ts'

const readBack = (value: string): readonly string[] =>
  readNginx(`directive ${quote(value)};`)[0]?.args ?? []

const special = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['\\', '"', "'", ' ', '\t', '\r', '\n', ';', '{', '}', '#', '$', '${', '(', ')'],
        ...['n', 't', 'r', 'a', '😀', 'é', '\u2028', '*', '~', '|', '\\n', '\\\\', '\\"'],
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''))

describe('quote', () => {
  test.each([
    ['10.0.0.1:8080', '10.0.0.1:8080'],
    ['.*\\.(do|jsp|action)?$', '.*\\.(do|jsp|action)?$'],
    ['$cookie_JSESSIONID|jsessionid', '$cookie_JSESSIONID|jsessionid'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a;b', '"a;b"'],
    ['^\\d{2}$', '"^\\d{2}$"'],
    ['#x', '"#x"'],
    ['say "hi"', `'say "hi"'`],
    [`it's "so"`, `"it's \\"so\\""`],
    ['\\t', '\\\\t'],
    ['\\\\', '\\\\\\\\'],
    ['end\\', 'end\\\\'],
    ['GET / HTTP/1.0\r\n\r\n', '"GET / HTTP/1.0\\r\\n\\r\\n"'],
    ['a{2}', '"a{2}"'],
  ])('writes %j as %s', (value, written) => {
    expect(quote(value)).toBe(written)
    expect(readBack(value)).toEqual([value])
  })

  test('any value is read back unchanged', () => {
    fc.assert(
      fc.property(special, (value) => {
        expect(readBack(value)).toEqual([value])
      }),
      { numRuns: 5000 },
    )
  })

  test('any value can precede and follow other words', () => {
    fc.assert(
      fc.property(special, special, (first, second) => {
        const text = `a ${quote(first)} ${quote(second)} {\n b ${quote(second)};\n}\n`
        expect(readNginx(text)).toMatchObject([
          { args: [first, second], block: [{ args: [second] }] },
        ])
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['a', 'a b', 'é ', '\\', '"', '\\"'])(
    'the longest word of %j is read, and a longer one is refused',
    (piece) => {
      const bytesOf = (count: number): number => writtenBytes(piece.repeat(count))
      let count = 1
      while (bytesOf(count + 1) <= longestWord) count++
      const before = ' '.repeat(37)
      const word = quote(piece.repeat(count))
      expect(readNginx(`${before}x ${word};`)[0]?.args).toHaveLength(1)
      expect(readNginx(`${before}x ${word} {}`)[0]?.args).toHaveLength(1)
      expect(readNginx(`${before}x ${word} y;`)[0]?.args).toHaveLength(2)
      const longer = quote(`${piece.repeat(count)}${'\\'.repeat(4)}`)
      expect(() => readNginx(`${before}x ${longer};`)).toThrow(ReaderError)
    },
  )

  test('counts bytes as they are written, with the closing quote', () => {
    const long = 'x'.repeat(2000)
    expect(writtenBytes(long)).toBe(2000)
    expect(writtenBytes(`${long}é`)).toBe(2002)
    expect(writtenBytes(`${long} "'`)).toBe(2005)
    expect(writtenBytes(`${long}\\`)).toBe(2002)
  })
})
