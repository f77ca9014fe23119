import { describe, expect, test } from 'vitest'
import {
  type HaproxyConfig,
  readHaproxy,
  readHaproxyConfig,
} from '../../../src/core/config/haproxy/config.ts'
import { readHaproxyLines } from '../../../src/core/config/haproxy/lines.ts'
import { positionsIn, printConfig } from '../../../src/core/config/text.ts'
import { readHaproxy as readIndependently } from '../../readers/haproxy.ts'
import { ReaderError } from '../../readers/reader-error.ts'
import { rawText, rawWord } from '../../real/raw-words.ts'
import { fc } from '../../support/fast-check.ts'

/** Words of each line as they are written and as they are read. */
const wordsOf = ({ lines, text }: HaproxyConfig): readonly (readonly [string, string])[] =>
  lines.flatMap(({ words }) =>
    words.map(({ end, start, value }) => [text.slice(start, end), value] as const),
  )

const problemsOf = ({ problems, text }: HaproxyConfig): readonly string[] => {
  const positionOf = positionsIn(text)
  return problems.map(({ at, message }) => `${positionOf(at).line}: ${message}`)
}

const shop = `# The shop.
global
    maxconn 2000   # per process
    setenv REGION "eu west"

defaults base
    mode http
    timeout connect 5s
    balance leastconn
defaults quick from base
    timeout connect 1s

frontend www from base
    bind :80
    .if defined(TLS)
    bind :443 ssl crt "\${CERT-/etc/ssl/shop.pem}"
    .elif feature(QUIC)
    bind quic4@:443
    .else
    .notice "no TLS"
    .endif
    acl basket path_reg ^/basket\\.jsp$
    default_backend app

backend app from quick
    cookie SRV insert indirect
    server a 10.0.0.1:80 cookie a check\t
    server b '10.0.0.2:80' cookie "b" "\${OPTIONS[*]}"
`

describe('sections and lines', () => {
  const config = readHaproxyConfig(shop)

  test('a section has its name, the defaults it names, and its lines', () => {
    expect(config.problems).toEqual([])
    expect(
      config.sections.map(({ from, keyword, lines, name }) => [keyword, name, from, lines.length]),
    ).toEqual([
      ['global', null, null, 2],
      ['defaults', 'base', null, 3],
      ['defaults', 'quick', 'base', 1],
      ['frontend', 'www', 'base', 5],
      ['backend', 'app', 'quick', 3],
    ])
  })

  test('a defaults section without a name can name another one', () => {
    const { sections } = readHaproxyConfig(
      'defaults from base\ndefaults from from base\nfrontend from from x\n',
    )
    expect(sections.map(({ from, name }) => [name, from])).toEqual([
      [null, 'base'],
      [null, 'from'],
      ['from', 'x'],
    ])
  })

  test('the address of an old listen section is no inheritance', () => {
    const { sections } = readHaproxyConfig('listen web 127.0.0.1:80\nuserlist from from x\n')
    expect(sections.map(({ from, name }) => [name, from])).toEqual([
      ['web', null],
      ['from', null],
    ])
  })

  test('a line knows the branches that it is in', () => {
    const lines = config.lines.map(({ line, name, within }) => [
      line,
      name,
      within.map((branch) => [branch.name, ...branch.args].join(' ')),
    ])
    expect(lines.slice(10, 18)).toEqual([
      [14, 'bind', []],
      [15, '.if', []],
      [16, 'bind', ['.if defined(TLS)']],
      [17, '.elif', []],
      [18, 'bind', ['.elif feature(QUIC)']],
      [19, '.else', []],
      [20, '.notice', ['.else']],
      [21, '.endif', []],
    ])
  })

  test('words are without quotes and escapes, and variables stay', () => {
    const values = new Map(wordsOf(config))
    expect(values.get('"eu west"')).toBe('eu west')
    expect(values.get(`"\${CERT-/etc/ssl/shop.pem}"`)).toBe(`\${CERT-/etc/ssl/shop.pem}`)
    expect(values.get(`"\${OPTIONS[*]}"`)).toBe(`\${OPTIONS[*]}`)
    expect(values.get('^/basket\\.jsp$')).toBe('^/basket\\.jsp$')
    const words = config.lines.flatMap((line) => line.words)
    expect(words.filter(({ isFixed }) => !isFixed).map(({ value }) => value)).toEqual([
      `\${CERT-/etc/ssl/shop.pem}`,
      `\${OPTIONS[*]}`,
    ])
  })
})

const refused: Readonly<Record<string, readonly string[]>> = {
  'global\n log "a\n': ['2: unmatched quote'],
  [`global\n log "\${A"\n`]: ['2: unmatched brace in environment variable name'],
  [`global\n log "\${A-x" a\n log b\n`]: ['2: unmatched brace in environment variable name'],
  [`global\n log "\${A[1]}"\n`]: ['2: truncated or invalid word expansion sequence'],
  'global\n log "$1"\n': ['2: forbidden first char in environment variable name'],
  'global\n log \\x4\n': ['2: truncated or invalid hexadecimal sequence'],
  [`global\n log ${'a '.repeat(64)}\n`]: ['2: too many words'],
  'global\n log a\0b\n': ['2: stray NUL character'],
  'mode http\nmaxconn 1\nglobal\n': ['1: "mode" is in no section'],
  'global\n daemon': ['2: the last line has no line feed'],
  '.if a\n.else\n.else\n.elif b\n.endif\n.endif\n.else\n': [
    '3: ".else" after ".else"',
    '4: ".elif" after ".else"',
    '6: ".endif" without an ".if" before it',
    '7: ".else" without an ".if" before it',
  ],
  'global\n.if a\n.if b\n.endif\n': ['2: ".if" has no ".endif"'],
}

test.each(Object.entries(refused))('%j is refused', (text, problems) => {
  expect(problemsOf(readHaproxyConfig(text, { isTemplate: false }))).toEqual(problems)
})

test('a carriage return is a blank before a word, and ends the line after one', () => {
  const { lines, problems } = readHaproxyConfig('global\r\n \r log\r x \r\n maxconn \r 5\r\n')
  expect(problems).toEqual([])
  expect(lines.map(({ args, name }) => [name, ...args])).toEqual([
    ['global'],
    ['log'],
    ['maxconn', '5'],
  ])
})

describe('templates', () => {
  const template = `{# the shop -#}
{% for name in
   names %}
backend {{ name }}-{{ "a b" }} # {{ note }}
  {% if check %}option httpchk{% endif %}
  {{ options }}
  server {{ item['a'] }} "{{ item["b"] }}:80" cookie <%= @id %> \${HOST}
{% endfor %}
<% @more.each do |one| -%>
  server <%= one %>
<% end -%>
\${MORE}
  {{- range service "app" }}
  server {{ .Name }} {{ .Address }}:{{ .Port }}{{ end }}
`
  const config = readHaproxyConfig(template)

  test('statements and values alone on a line are opaque', () => {
    expect(config.isTemplate).toBe(true)
    expect(config.problems).toEqual([])
    const opaque = config.tokens.filter(({ kind }) => kind === 'opaque')
    expect(opaque.map(({ value }) => value)).toEqual([
      '{# the shop -#}',
      '{% for name in\n   names %}',
      '{% if check %}',
      '{{ options }}',
      '{% endfor %}',
      '<% @more.each do |one| -%>',
      '<% end -%>',
      `\${MORE}`,
      '{{- range service "app" }}',
    ])
  })

  test('a placeholder in an argument is part of its word', () => {
    expect(config.lines.map(({ args, line, name }) => [line, name, ...args])).toEqual([
      [4, 'backend', '{{ name }}-{{ "a b" }}'],
      [5, 'option', 'httpchk{% endif %}'],
      [7, 'server', "{{ item['a'] }}", '{{ item["b"] }}:80', 'cookie', '<%= @id %>', `\${HOST}`],
      [10, 'server', '<%= one %>'],
      [14, 'server', '{{ .Name }}', '{{ .Address }}:{{ .Port }}{{ end }}'],
    ])
  })

  test('a fault is not reported in a line that a template completes', () => {
    expect(readHaproxyConfig('global\n {% x %} log "{{ y }}\n').problems).toEqual([])
  })

  test('braces of HAProxy make no template', () => {
    const { isTemplate, lines } = readHaproxyConfig(
      'frontend f\n use_backend a if { path /a } { hdr(a) {b} }\n log-format "{%hr} %{+Q}r"\n',
    )
    expect(isTemplate).toBe(false)
    expect(lines.at(-1)?.args).toEqual(['{%hr} %{+Q}r'])
  })
})

/** What a reader written for the tests says: test/real compares it with every HAProxy. */
const independently = (raw: string): readonly string[] | string => {
  try {
    const [section] = readIndependently(`backend b\n description ${raw}\n`)
    return section?.lines[0]?.words ?? []
  } catch (error) {
    if (error instanceof ReaderError) return error.message
    throw error
  }
}

test('words and faults are those of the independent reader', () => {
  const samples = [rawText, rawWord].flatMap((text) => fc.sample(text, { numRuns: 2500 }))
  const differing: unknown[] = []
  let count = 0
  // A line of its own, without bytes that the other reader refuses, and without an end in a NUL.
  for (const raw of samples.filter((each) => !/\n|\\x(?!41|g1|$|[^0-9a-f])/i.test(each))) {
    const expected = independently(raw)
    const { lines, problems } = readHaproxyLines(`description ${raw}\n`, false)
    const [line] = lines
    const read = problems[0]?.message ?? [line?.name ?? '', ...(line?.args ?? [])]
    const isFixed = line?.words.every((word) => word.isFixed) === true || typeof read === 'string'
    // Both stop at an empty word.
    const end = typeof read === 'string' ? -1 : read.indexOf('')
    const comparable = end === -1 ? read : read.slice(0, end)
    // The other reader replaces variables.
    if (!isFixed) continue
    count++
    if (JSON.stringify(comparable) !== JSON.stringify(expected))
      differing.push(JSON.stringify({ raw, expected, comparable }))
  }
  expect(differing).toEqual([])
  expect(count).toBeGreaterThan(1500)
})

test('the same bytes are printed, and tokens are in order, for any text', () => {
  const pieces = fc.constantFrom(
    ...['\n', '\r', ' ', '"', "'", '\\', '#', '{{', '}}', '{%', '%}', '<%', '%>', '${', '}'],
    ...['backend ', '.if ', '.endif', 'a', '\0', '\u00ff', '-', '[*]'],
  )
  const texts = fc
    .array(pieces, { maxLength: 40 })
    .map((list) => Buffer.from(list.join(''), 'utf8'))
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 60 })), (input) => {
      const document = readHaproxy(input)
      expect(Buffer.from(printConfig(document)).equals(Buffer.from(input))).toBe(true)
      let end = 0
      for (const token of document.tokens) {
        expect(token.start).toBeGreaterThanOrEqual(end)
        expect(token.end).toBeGreaterThan(token.start)
        end = token.end
      }
      expect(end).toBeLessThanOrEqual(document.text.length)
      const line = positionsIn(document.text)
      for (const one of document.lines) expect(line(one.start).line).toBe(one.line)
    }),
    { numRuns: 500 },
  )
})
