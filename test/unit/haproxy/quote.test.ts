import { describe, expect, test } from 'vitest'
import {
  formatText,
  haproxyWord,
  sampleArgument,
} from '../../../src/core/dialects/haproxy/quote.ts'
import { regexText } from '../../../src/core/dialects/regular-expressions.ts'
import { readHaproxy } from '../../readers/haproxy.ts'
import { fc } from '../../support/fast-check.ts'

const anyText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...' \'"\\#$%{}(),;[]~!'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 40,
  })
  .filter((text) => !/[\0\r\n]/.test(text))

const readBack = (line: string): readonly string[] =>
  readHaproxy(`backend b\n  description ${line}\n`)[0]?.lines[0]?.words.slice(1) ?? []

describe('haproxyWord', () => {
  test.each([
    ['web01', 'web01'],
    ['%[var(txn.route)]', '%[var(txn.route)]'],
    ['/my files', "'/my files'"],
    ["it's", "'it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['a#b', "'a#b'"],
    ['\\d', "'\\d'"],
    [7, '7'],
  ])('%s', (value, written) => {
    expect(haproxyWord(value)).toBe(written)
  })

  test('any text is read back as one word', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (texts) => {
        expect(readBack(texts.map(haproxyWord).join(' '))).toEqual(texts)
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['', 'a\nb', 'a\rb', 'a\0b'])('refuses %j, which no line can contain', (text) => {
    expect(() => haproxyWord(text)).toThrow(TypeError)
  })
})

test('formatText: HAProxy reads %% as one percent sign', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const format = formatText(text)
      expect(format.replaceAll('%%', '')).not.toContain('%')
      expect(format.replaceAll('%%', '%')).toBe(text)
    }),
  )
})

test('regexText: an expression that matches only this text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(new RegExp(`^${regexText(text)}$`, 's').exec(text)?.[0]).toBe(text)
    }),
  )
  expect(new RegExp(`^${regexText('a.b')}$`).test('axb')).toBe(false)
})

test('sampleArgument: quoted where a sample fetch would end', () => {
  expect(sampleArgument('X-Forwarded-For')).toBe('X-Forwarded-For')
  expect(sampleArgument("it's")).toBe('"it\'s"')
  expect(sampleArgument('a,b)"\\')).toBe('"a,b)\\"\\\\"')
})
