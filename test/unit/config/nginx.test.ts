import { describe, expect, test } from 'vitest'
import {
  allDirectives,
  type Directive,
  readNginx,
  readNginxConfig,
} from '../../../src/core/config/nginx/tree.ts'
import { positionsIn, printConfig } from '../../../src/core/config/text.ts'
import * as independent from '../../readers/nginx.ts'
import { ReaderError } from '../../readers/reader-error.ts'
import { rawText } from '../../real/raw-words.ts'
import { fc } from '../../support/fast-check.ts'

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
    ['a $\u007b{b}; c$\u007bd}{ e; }', ['a|$\u007b{b}', 'c$\u007bd} {}', 'c$\u007bd}/e']],
    ['\ufeffa b;', ['\ufeffa|b']],
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
    ['{% for a in b\n   if a.c %}\nserver {{ a }};\n{% endfor %}', ['server|{{ a }}']],
    ['server a{% if b %} backup{% endif %};', ['server|a{% if b %}|backup{% endif %}']],
    ['{# a\n } note #}\nroot /x;', ['root|/x']],
    ['{{/* a } note\n*/}}\nroot /x;', ['root|/x']],
    ['{{- range .Servers }}server {{ . }};{{ end -}}', ['server|{{ . }}']],
    ['{{#tls}}\nlisten 443;\n{{/tls}}', ['listen|443']],
    [
      'upstream {{{ name }}} { {{ options }}\n server a; }',
      ['upstream|{{{ name }}} {}', 'upstream/server|a'],
    ],
    ['map $a $b {\n{{ address }}  1;\n}', ['map|$a|$b {}', 'map/{{ address }}|1']],
    ['{{ a }}\n{{ b }} {{ c }}\nroot /x;', ['root|/x']],
    ['{{ a }} {{ b }} c;', ['{{ a }}|{{ b }}|c']],
    ['{{ a }}{{ b }};{{ c }}', ['{{ a }}{{ b }}']],
    ['\u0024{OPTIONS}\nroot /x;', ['root|/x']],
    ['return 302 "https://{{ hosts["a b"] }}/\\"";', ['return|302|https://{{ hosts["a b"] }}/"']],
    [
      String.raw`root {{ a | replace('\\', "") }}\\n;`,
      [String.raw`root|{{ a | replace('\\', "") }}\n`],
    ],
    ['<% a.each do |b|\n %>\nserver <%= b["c"] %>;\n<% end -%>', ['server|<%= b["c"] %>']],
    ['<%= @options %>\nroot /x;', ['root|/x']],
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

test('a text is a template only if nginx would refuse it, or if it has ERB or a line of envsubst', () => {
  const isTemplate = (text: string): boolean => readNginxConfig(text).isTemplate
  expect(isTemplate('a "{{ b }}";')).toBe(false)
  expect(isTemplate('a { # {{ b }}\n}')).toBe(false)
  expect(isTemplate('a {{ b }};')).toBe(true)
  expect(isTemplate('a <%= b %>;')).toBe(true)
  expect(isTemplate('a \u0024{b};')).toBe(false)
  expect(isTemplate('  \u0024{b}\r\na;')).toBe(true)
  expect(readNginxConfig('a {{ b }};', { isTemplate: false }).problems).not.toEqual([])
})

describe('bytes', () => {
  test.each([
    ['UTF-8', Buffer.from('a "é😀";\r\n'), 'é😀', 'utf-8'],
    ['a byte order mark', Buffer.from('\ufeffa b;'), 'b', 'utf-8'],
    ['ISO-8859-1', Buffer.from('a \xe9\xff;', 'latin1'), 'éÿ', 'iso-8859-1'],
    ['half a character', Buffer.from([0x61, 0x20, 0xc3, 0x3b]), 'Ã', 'iso-8859-1'],
    [
      'an encoded surrogate',
      Buffer.from([0x61, 0x20, 0xed, 0xa0, 0x80, 0x3b]),
      'í\xa0\x80',
      'iso-8859-1',
    ],
  ] as const)('%s is printed as it was', (_, bytes, word, encoding) => {
    const document = readNginx(bytes)
    expect(document.directives[0]?.args).toEqual([word])
    expect(document.encoding).toBe(encoding)
    expect(Buffer.from(printConfig(document))).toEqual(bytes)
  })

  test('every line end has its position', () => {
    const positionOf = positionsIn('a\r\nb\n\nc')
    const places = [0, 3, 5, 6].map(positionOf)
    expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:1',
      '2:1',
      '3:1',
      '4:1',
    ])
  })
})

interface Plain {
  readonly name: string
  readonly args: readonly string[]
  readonly line: number
  readonly block: readonly Plain[] | null
}

const plainOf = (text: string): readonly Plain[] | null => {
  const { directives, problems } = readNginxConfig(text, { isTemplate: false })
  const positionOf = positionsIn(text)
  const plain = ({ name, args, start, block }: Directive): Plain => ({
    name,
    args,
    line: positionOf(start).line,
    block: block?.children.map(plain) ?? null,
  })
  return problems.length > 0 ? null : directives.map(plain)
}

const independentOf = (text: string): readonly Plain[] | null => {
  try {
    return independent.readNginx(text)
  } catch (error) {
    if (error instanceof ReaderError) return null
    throw error
  }
}

test('accepts what the reader of the tests accepts, which agrees with nginx, with the same directives', () => {
  let accepted = 0
  fc.assert(
    fc.property(
      rawText,
      fc.constantFrom('', ';', 'a ', 'a {'),
      fc.constantFrom('', ';', '}', ' ;}'),
      (text, before, after) => {
        const whole = `${before}${text}${after}`
        const expected = independentOf(whole)
        if (expected !== null) accepted++
        expect(plainOf(whole)).toEqual(expected)
      },
    ),
    { numRuns: 4000 },
  )
  expect(accepted).toBeGreaterThan(200)
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
