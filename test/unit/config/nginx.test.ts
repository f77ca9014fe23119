import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allDirectives, readNginxConfig } from '../../../src/core/config/nginx/tree.ts'

/** Each directive as its words, blocks in brackets. */
const shape = (text: string): readonly string[] => {
  const { directives } = readNginxConfig(text)
  return allDirectives(directives).map(({ directive: { name, args, block }, within }) =>
    [...within.map((each) => `${each.name}/`), [name, ...args].join('|'), block && ' {}'].join(''),
  )
}

describe('words as nginx reads them', () => {
  test.each([
    ['listen 80;', ['listen|80']],
    ['a "b c" d;', ['a|b c|d']],
    [`a 'b"c' "d'e";`, [`a|b"c|d'e`]],
    [String.raw`a "b\"c" 'd\'e' f\"g;`, [`a|b"c|d'e|f"g`]],
    [String.raw`a \t\n\r\\ \d \; x\ y;`, [`a|\t\n\r\\|\\d|\\;|x\\ y`]],
    [`a \${b}c $d\${e};`, [`a|\${b}c|$d\${e}`]],
    ['a b#c; # d;', ['a|b#c']],
    ['a b}c;', ['a|b}c']],
    ['if ($a ~ "b)" ) { c; }', ['if|($a|~|b)|) {}', 'if/c']],
    ['if ($a = "b") { c; }', ['if|($a|=|b|) {}', 'if/c']],
    ['a "";', ['a|']],
    [
      'map $a $b { default 0; ~^x{2} 1; }',
      ['map|$a|$b {}', 'map/default|0', 'map/~^x {}', 'map/~^x/2}|1'],
    ],
    ['map $a $b { "~^x{2}" 1; }', ['map|$a|$b {}', 'map/~^x{2}|1']],
    ['http{server{listen 80;}}', ['http {}', 'http/server {}', 'http/server/listen|80']],
    ['types { text/html html htm; }', ['types {}', 'types/text/html|html|htm']],
    ['a\r\n  b;\r\n', ['a|b']],
  ])('%s', (text, expected) => {
    expect(shape(text)).toEqual(expected)
  })
})

describe('text that nginx reads as something else', () => {
  test.each([
    ['proxy_pass http://{{ upstream }};', ['proxy_pass|http://{{ upstream }}']],
    ['server_name {{ name }} www.{{ name }};', ['server_name|{{ name }}|www.{{ name }}']],
    ['listen <%= @port %> ssl;', ['listen|<%= @port %>|ssl']],
    [`listen \${PORT};`, [`listen|\${PORT}`]],
    ['{% if tls %}\nlisten 443;\n{% endif %}\nroot /x;', ['listen|443', 'root|/x']],
    ['{# a note; #} root /x;', ['root|/x']],
    ['<% if tls %>\nlisten 443;\n<% end %>', ['listen|443']],
    [
      'content_by_lua_block { local a = { "}" } -- }\n local b = [[ } ]] } root /x;',
      ['content_by_lua_block {}', 'root|/x'],
    ],
    ['set_by_lua_block $x { return 1 } root /x;', ['set_by_lua_block|$x {}', 'root|/x']],
  ])('%s', (text, expected) => {
    expect(shape(text)).toEqual(expected)
    expect(readNginxConfig(text).problems).toEqual([])
  })
})

describe('text that nginx refuses', () => {
  test.each([
    ['a', 1, 'unexpected end of file, expecting ";"'],
    ['a {', 3, 'unexpected end of file, expecting "}"'],
    ['}', 0, 'unexpected "}"'],
    ['a { b }', 6, 'unexpected "}": the directive before it has no ";"'],
    [';', 0, 'unexpected ";"'],
    ['{', 0, 'unexpected "{"'],
    ['a "b"c;', 5, 'unexpected "c"'],
    ['a "b', 2, 'unexpected end of file: a quoted string has no end'],
  ])('%s', (text, at, message) => {
    expect(readNginxConfig(text).problems[0]).toEqual({ at, message })
  })
})

const pieces = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\n',
    ';',
    '{',
    '}',
    '"',
    "'",
    '\\',
    '#',
    '$',
    '${',
    '{{',
    '}}',
    '{%',
    '%}',
    '<%',
    '%>',
  ],
  ...['b_by_lua_block', '[[', ']]', '--', '(', ')', '\r', '\t', '\0', 'é'],
)

test('tokens and the whitespace between them make up the whole text', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (words) => {
      const text = words.join('')
      const { tokens, directives } = readNginxConfig(text)
      let at = 0
      for (const { start, end } of tokens) {
        expect(text.slice(at, start)).toMatch(/^[ \t\r\n]*$/)
        expect(end).toBeGreaterThan(start)
        at = end
      }
      expect(text.slice(at)).toMatch(/^[ \t\r\n]*$/)
      for (const { directive } of allDirectives(directives)) {
        expect(directive.start).toBeLessThan(directive.end)
        const [name] = directive.words
        if (name !== undefined) expect(name.start).toBe(directive.start)
        expect(directive.words.every(({ end }) => end <= directive.end)).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})

test.each(['{', '}', '"', '{{', '<%', '# ', 'a {', '[[', '${', '\\', 'a_by_lua_block {'])(
  'takes linear time: %s repeated',
  (piece) => {
    const time = (count: number): number => {
      const text = piece.repeat(count)
      const started = process.cpuUsage()
      readNginxConfig(text)
      return process.cpuUsage(started).user
    }
    time(20_000)
    // A quadratic reader takes a hundred times as long for ten times the text.
    expect(time(200_000)).toBeLessThan(40 * Math.max(time(20_000), 5_000))
  },
)
