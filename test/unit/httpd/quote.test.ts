import { describe, expect, test } from 'vitest'
import { headerText, httpdWord, isVariable } from '../../../src/core/dialects/httpd/quote.ts'
import { readHttpd } from '../../readers/httpd.ts'
import { fc } from '../../support/fast-check.ts'

const anyText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...' \'"\\#$%{}<>()|\t'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 40,
  })
  .filter((text) => !/[\0\r\n]/.test(text) && !isVariable(text))

describe('httpdWord', () => {
  test.each([
    ['balancer://app', 'balancer://app'],
    ['[::]:80', '[::]:80'],
    ['', '""'],
    ['my files', '"my files"'],
    ['"', '"\\""'],
    ["it's", '"it\'s"'],
    ['\\.jsp$', '"\\.jsp$"'],
    ['a\\', '"a\\\\"'],
    ['\\\\', '"\\\\\\\\"'],
    [7, '7'],
  ])('%j', (value, written) => {
    expect(httpdWord(value)).toBe(written)
  })

  test('any text is read back as one word', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), anyText, (texts, inSection) => {
        const words = texts.map(httpdWord).join(' ')
        const [section, ...more] = readHttpd(
          `<Section ${httpdWord(inSection)}>\nDirective ${words}\n</Section>\n`,
        )
        expect(more).toEqual([])
        expect(section?.args).toEqual([inSection])
        expect(section?.section?.map(({ args }) => args)).toEqual([texts])
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['a\nb', 'a\rb', 'a\0b', '$\u007bHOME}', '$\u007b'])('refuses %j', (text) => {
    expect(() => httpdWord(text)).toThrow(TypeError)
  })
})

/** As mod_headers reads a value: `%%`, and a backslash before a backslash or one of r, n, t. */
const headerValue = (format: string): string =>
  format.replace(/%%|\\[\\rnt]|%./g, (found) => {
    if (found === '%%') return '%'
    return found === '\\\\' ? '\\' : '\u0001'
  })

test('headerText: mod_headers reads it as this text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(headerValue(headerText(text))).toBe(text)
    }),
  )
})
