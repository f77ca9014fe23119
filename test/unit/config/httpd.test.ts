import { describe, expect, test } from 'vitest'
import {
  type HttpdDirective,
  readHttpd,
  readHttpdConfig,
} from '../../../src/core/config/httpd/tree.ts'
import { positionsIn, printConfig } from '../../../src/core/config/text.ts'
import { readHttpd as readIndependently } from '../../readers/httpd.ts'
import { ReaderError } from '../../readers/reader-error.ts'
import { rawText, rawWord } from '../../real/raw-words.ts'
import { fc } from '../../support/fast-check.ts'

type Shape = readonly [line: number, words: string, children?: readonly Shape[]]

const shapeOf = (directives: readonly HttpdDirective[]): readonly Shape[] =>
  directives.map(({ args, block, line, name }) => {
    const words = [name, ...args].join('|')
    return block === null ? [line, words] : [line, words, shapeOf(block.children)]
  })

const read = (text: string): readonly Shape[] => shapeOf(readHttpdConfig(text).directives)

describe('directives and sections', () => {
  test.each<[string, readonly Shape[]]>([
    ['Listen 80\n', [[1, 'listen|80']]],
    ['  LISTEN\t80  \r\n', [[1, 'listen|80']]],
    [`ServerAlias "a b" 'c "d"' e"f g"h\n`, [[1, 'serveralias|a b|c "d"|e"f|g"h']]],
    [
      String.raw`ServerAlias "a\"b\\c\d" 'e\'f\"' g\\h\"i`,
      [[1, String.raw`serveralias|a"b\c\d|e'f\"|g\h\"i`]],
    ],
    ['Header set A ""\n', [[1, 'header|set|A|']]],
    ['Header set A "open\n', [[1, 'header|set|A|open']]],
    ['# a\\\nb\nc # d\n', [[3, 'c|#|d']]],
    ['Proxy\\\nPass / \\\r\n  "http://a/\\\nb/"\n', [[1, 'proxypass|/|http://a/b/']]],
    ['a b\\\\\n\nc\n', [[1, 'a|bc']]],
    ['a b\\', [[1, 'a|b\\']]],
    ['a b\\\n', [[1, 'a|b']]],
    [
      '<Location /a>\nRequire all granted\n</LOCATION>\n',
      [[1, 'location|/a', [[2, 'require|all|granted']]]],
    ],
    ['<If "%{HTTP_HOST} > \'b\'" >\n</If>\n', [[1, "if|%{HTTP_HOST} > 'b'", []]]],
    ['<RequireAny>\n</RequireAny> rest\n', [[1, 'requireany', []]]],
    ['<RequireAny> rest\n</RequireAny>\n', [[1, 'requireany', []]]],
    [
      '<Proxy "balancer://$\u007bNAME}"> # rest\n</Proxy>',
      [[1, 'proxy|balancer://$\u007bNAME}', []]],
    ],
    ['"<Location" /a>\n"</Location>"\n', [[1, 'location|/a', []]]],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
    expect(readHttpdConfig(text).problems).toEqual([])
  })

  test('a block is the text between the lines that open and close it', () => {
    const { directives, text } = readHttpdConfig('a\n<Proxy x> \n  b c\n</Proxy>\nd\n')
    const [, section] = directives
    expect(text.slice(section?.start, section?.end)).toBe('<Proxy x> \n  b c\n</Proxy>')
    expect(text.slice(section?.block?.start, section?.block?.end)).toBe(' \n  b c\n')
  })

  test('words are at their place, also over several lines', () => {
    const { directives, text } = readHttpdConfig(
      '<Proxy "a">\nPro\\\n xy "b \\\n c" d\\\n\n</Proxy>\n',
    )
    const words = directives.flatMap((one) => [one, ...(one.block?.children ?? [])])
    expect(words.map((one) => one.words.map(({ end, start }) => text.slice(start, end)))).toEqual([
      ['<Proxy', '"a"'],
      ['Pro', 'xy', '"b \\\n c"', 'd'],
    ])
    expect(words[1]?.args).toEqual(['xy', 'b  c', 'd'])
    expect(words[1]?.text).toBe('Pro xy "b  c" d')
  })

  test('a word with a variable is not fixed', () => {
    const [directive] = readHttpdConfig('ServerAlias a $\u007bb}.c $d %{e}\n').directives
    expect(directive?.words.map(({ isFixed }) => isFixed)).toEqual([true, true, false, true, true])
  })
})

test.each<[string, readonly string[]]>([
  ['<Location /a\n', ['1: "<Location" has no ">"', '1: <location> has no end']],
  [
    '<Location /a>\n</Locatio>\n',
    ['1: <location> has no end', '2: </locatio> does not end a section of this text'],
  ],
  ['<Location /a>\n</Location\n', ['2: "</Location" has no ">"']],
  ['</Location>\n', ['1: </location> does not end a section of this text']],
  ['a\0\n', ['1: a NUL ends the line']],
  [
    `${'<If a>\n'.repeat(51)}`,
    [
      ...Array.from({ length: 50 }, (_, index) => `${index + 1}: <if> has no end`),
      '51: more than 50 sections inside each other',
    ],
  ],
])('%j is refused', (text, expected) => {
  const { problems } = readHttpdConfig(text)
  const positionOf = positionsIn(text)
  expect(problems.map(({ at, message }) => `${positionOf(at).line}: ${message}`)).toEqual(expected)
})

test('statements of a template are opaque, and placeholders are parts of words', () => {
  const { directives, isTemplate, problems, tokens } = readHttpdConfig(`{% if a %}
<VirtualHost <%= @ip %>:80>
  ServerName {{ name }}.{{ "x y" }}
  {{ options }}
  <% if b
     -%>
  <Proxy "balancer://{{ names["a"] }}">
    BalancerMember http://{{ host }} \\
      route={{ route }}
  </Proxy>
  <% end %>
</VirtualHost>
{% endif %}
`)
  expect(isTemplate).toBe(true)
  expect(problems).toEqual([])
  expect(shapeOf(directives)).toEqual([
    [
      2,
      'virtualhost|<%= @ip %>:80',
      [
        [3, 'servername|{{ name }}.{{ "x y" }}'],
        [
          7,
          'proxy|balancer://{{ names["a"] }}',
          [[8, 'balancermember|http://{{ host }}|route={{ route }}']],
        ],
      ],
    ],
  ])
  expect(tokens.filter(({ kind }) => kind === 'opaque').map(({ value }) => value)).toEqual([
    '{% if a %}',
    '{{ options }}',
    '<% if b\n     -%>',
    '<% end %>',
    '{% endif %}',
  ])
})

/** What a reader written for the tests says: test/real compares it with httpd. */
const independently = (text: string): readonly Shape[] | null => {
  const shape = (directives: ReturnType<typeof readIndependently>): readonly Shape[] =>
    directives.map(({ args, line, name, section }) => {
      const words = [name.toLowerCase(), ...args].join('|')
      return section === null ? [line, words] : [line, words, shape(section)]
    })
  try {
    return shape(readIndependently(text))
  } catch (error) {
    if (error instanceof ReaderError) return null
    throw error
  }
}

test('directives and words are those of the independent reader', () => {
  const pieces = ['\\\n', '\\\r\n', '\\\\\n', '\na ', '\n<a>\n', '\n</a>\n', '\n<a "b>"> c\n']
  const joined = fc
    .array(fc.oneof(rawText, rawWord, fc.constantFrom(...pieces)), { maxLength: 6 })
    .map((list) => list.join(''))
  const differing: unknown[] = []
  let count = 0
  // Of the quoted name of a section, the other reader knows nothing; httpd knows it.
  for (const raw of fc.sample(joined, { numRuns: 4000 }).filter((one) => !/["']</.test(one))) {
    const text = `x ${raw}\nend\n`
    const expected = independently(text)
    const { directives, problems } = readHttpdConfig(text, { isTemplate: false })
    if (expected === null && problems.length > 0) continue
    count++
    if (JSON.stringify(shapeOf(directives)) !== JSON.stringify(expected))
      differing.push(JSON.stringify({ raw, expected, read: shapeOf(directives) }))
  }
  expect(differing.slice(0, 5)).toEqual([])
  expect(count).toBeGreaterThan(2000)
})

test('the same bytes are printed, and tokens are in order, for any text', () => {
  const pieces = fc.constantFrom(
    ...['\n', '\r', ' ', '"', "'", '\\', '\\\n', '\\\r\n', '#', '{{', '}}', '{%', '%}', '<%', '%>'],
    ...['<', '>', '<a', '</a>', '<a b>\n', '</', 'a', '\0', '\u00ff', '$\u007ba}'],
  )
  const texts = fc
    .array(pieces, { maxLength: 40 })
    .map((list) => Buffer.from(list.join(''), 'utf8'))
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 60 })), (input) => {
      const document = readHttpd(input)
      if (!Buffer.from(printConfig(document)).equals(Buffer.from(input)))
        throw new Error('other bytes')
      let end = 0
      for (const token of document.tokens) {
        if (token.start < end || token.end <= token.start) throw new Error(JSON.stringify(token))
        end = token.end
      }
      if (end > document.text.length) throw new Error('after the text')
    }),
    { numRuns: 1000 },
  )
})
