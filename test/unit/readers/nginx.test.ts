import { describe, expect, test } from 'vitest'
import { type Directive, readNginx } from '../../readers/nginx.ts'
import { ReaderError } from '../../readers/reader-error.ts'

const simple = (name: string, args: readonly string[], line = 1): Directive => ({
  name,
  args,
  line,
  block: null,
})

const wordOf = (raw: string): unknown => readNginx(`a ${raw};`)[0]?.args

describe('readNginx', () => {
  test('returns the tree of directives with the line of each name', () => {
    expect(
      readNginx('http {\n  # a; comment {\n  server{listen 80;}\n\n  root\n  html; }\n'),
    ).toEqual([
      {
        name: 'http',
        args: [],
        line: 1,
        block: [
          { name: 'server', args: [], line: 3, block: [simple('listen', ['80'], 3)] },
          simple('root', ['html'], 5),
        ],
      },
    ])
  })

  test.each([
    ['bare', ['bare']],
    ['"a b" \'c;d\' e#f', ['a b', 'c;d', 'e#f']],
    ['a"b\'c}d', ['a"b\'c}d']],
    ['"a\\"b" \'a\\\'b\' a\\"b a\\\'b', ['a"b', "a'b", 'a"b', "a'b"]],
    ['"\\t\\r\\n\\\\" \\t', ['\t\r\n\\', '\t']],
    ['"\\x\\$\\;" \\; a\\ b', ['\\x\\$\\;', '\\;', 'a\\ b']],
    [`\${a}b "\${{"`, [`\${a}b`, '${{']],
    ['"a\nb"', ['a\nb']],
    ['"" \'\'', ['', '']],
    ['("a") b', ['("a")', 'b']],
    ['("a" )', ['("a"', ')']],
    ['"$a")', ['$a', ')']],
    ['\ufeffa é 😀\u2028', ['\ufeffa', 'é', '😀\u2028']],
    ['"a\0b"', ['a\0b']],
  ])('reads the words of %j', (raw, words) => {
    expect(wordOf(raw)).toEqual(words)
  })

  test('a brace right after a dollar is part of the word, any other opens a block', () => {
    expect(readNginx('a $\u007bb} c$\u007b{ d$e{}')).toEqual([
      { name: 'a', args: ['$\u007bb}', 'c$\u007b{', 'd$e'], line: 1, block: [] },
    ])
  })

  test.each([
    ['a', 'unexpected end of file', 1],
    ['a;\n"b', 'unexpected end of file', 2],
    ['a { b;\n', 'unexpected end of file', 2],
    ['}', 'unexpected "}"', 1],
    ['a { }\n}', 'unexpected "}"', 2],
    ['a }', 'unexpected "}"', 1],
    [';', 'unexpected ";"', 1],
    ['a;\n{', 'unexpected "{"', 2],
    ['a "b"c;', 'unexpected "c"', 1],
    ['a "b"#c;', 'unexpected "#"', 1],
    [`a ${'b'.repeat(4096)};`, 'too long parameter', 1],
    [`a\n"${'b'.repeat(4095)}";`, 'too long parameter', 2],
    [`#${'c'.repeat(4096)}\n`, 'too long parameter', 1],
  ])('refuses %j', (text, message, line) => {
    const refused = (): unknown => readNginx(text)
    expect(refused).toThrow(ReaderError)
    expect(refused).toThrow(expect.objectContaining({ message, line }))
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(() => readNginx(Uint8Array.of(97, 32, 0xff, 59))).toThrow('word is not UTF-8')
  })
})
