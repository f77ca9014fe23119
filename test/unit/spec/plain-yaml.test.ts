import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { SpecPath } from '../../../src/core/diagnostics/diagnostic.ts'
import { parseAny } from '../../../src/core/spec/parse-any.ts'
import { readPlainYaml } from '../../../src/core/spec/plain-yaml.ts'
import { rangeAt, type TextNode, type TextRange } from '../../../src/core/spec/text-node.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url))

const specs = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.yaml$/.test(name) && !name.includes('expected'))
  .map((name) => [name, readFileSync(join(fixtures, name), 'utf8')] as const)

const pathsOf = (data: unknown, path: SpecPath = []): readonly SpecPath[] =>
  typeof data === 'object' && data !== null
    ? [
        path,
        ...Object.entries(data).flatMap(([key, value]) =>
          pathsOf(value, [...path, Array.isArray(data) ? Number(key) : key]),
        ),
      ]
    : [path]

const isBlock = (root: TextNode, path: SpecPath): boolean =>
  path.reduce<TextNode | null>((node, key) => node?.child(key)?.node ?? null, root)?.kind ===
  'block'

/** What a message shows of each path: where it starts, and how far it goes on that line. */
const places = (
  text: string,
  paths: readonly SpecPath[],
  range: (path: SpecPath, part: 'key' | 'value') => TextRange,
) =>
  paths.flatMap((path) =>
    (['key', 'value'] as const).map((part) => {
      const [start, end] = range(path, part)
      const lineEnd = text.indexOf('\n', start)
      return [path, part, start, Math.min(end, lineEnd === -1 ? text.length : lineEnd)]
    }),
  )

/** Whether the quick reader took the text; if so, it must have read what the other reads. */
const agrees = (text: string): boolean => {
  const plain = readPlainYaml(text)
  if (plain === null) return false
  const { data, diagnostics, source } = parseAny('spec', text)
  expect({ text, diagnostics }).toEqual({ text, diagnostics: [] })
  expect(plain.data).toStrictEqual(data)
  expect(JSON.stringify(plain.data)).toBe(JSON.stringify(data))
  // Where a block ends, behind blanks or before them, no message shows: blocks are shown by their keys.
  const paths = pathsOf(data).filter((path) => path.length > 0 && !isBlock(plain.tree(), path))
  expect(places(text, paths, (path, part) => rangeAt(plain.tree(), path, part))).toEqual(
    places(text, paths, (path, part) => source.range({ kind: 'spec', path, part })),
  )
  return true
}

describe('the quick reader reads what the thorough one reads', () => {
  test.each(specs)('%s', (_, text) => {
    agrees(text)
    agrees(text.replaceAll('\n', '\r\n'))
  })

  test('and takes nearly every spec', () => {
    const taken = specs.filter(([, text]) => readPlainYaml(text) !== null)
    expect(taken.length).toBeGreaterThan(specs.length * 0.9)
  })
})

test('a node knows where its children are from the first question on', () => {
  const tree = readPlainYaml('a: { b: [1, 2] }')?.tree()
  const inner = tree?.child('a')?.node?.child('b')?.node
  expect(inner?.kind).toBe('flow')
  expect(tree?.child('a')?.node?.child('b')?.node).toBe(inner)
})

const snippets = [
  ...[
    '- ',
    ': ',
    ':',
    ',',
    '{',
    '}',
    '[',
    ']',
    '#',
    ' #',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!!str ',
  ],
  ...[
    '? ',
    '\n? a\n: b',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\n  ',
    '\n    ',
    ' ',
    '\t',
    '---\n',
    '...\n',
  ],
  ...[
    '%',
    '@',
    '`',
    '\\',
    '\\n',
    '\\x41',
    '~',
    'null',
    'true',
    'no',
    '0',
    '-0',
    '007',
    '1_000',
    '1e3',
  ],
  ...[
    '1.',
    '.5',
    '-.5',
    '+1',
    '0x1f',
    '0o17',
    '.inf',
    '-.INF',
    '.nan',
    '1e400',
    '12345678901234567890',
  ],
  ...[
    '1:30',
    '2001-01-01',
    '<<',
    '=',
    'a: b',
    '{a: b}',
    '[a: b]',
    '[a, b,]',
    '{a, b: }',
    '""',
    "''",
  ],
  ...[
    '"a":b',
    '[]',
    '{}',
    ',,',
    '- - a',
    '\n-\n',
    '\u00e9',
    '\u{1f600}',
    '\ud83d',
    '\u0085',
    '\u2028',
  ],
  ...['\ufeff', '\u0007', 'key: value\n', '\n  k: v\n', '\n- i\n'],
]

/** Texts that are nearly a spec: pieces of one are cut out, repeated, and put in. */
const nearlySpec = fc
  .record({
    text: fc.constantFrom(...specs.map(([, text]) => text).filter(({ length }) => length < 3000)),
    edits: fc.array(
      fc.record({
        at: fc.nat(3000),
        cut: fc.nat(6),
        put: fc.array(fc.constantFrom(...snippets), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ text, edits }) =>
    edits.reduce((edited, { at, cut, put }) => {
      const place = at % (edited.length + 1)
      return edited.slice(0, place) + put.join('') + edited.slice(place + cut)
    }, text),
  )

const scalar = fc.oneof(
  fc.constantFrom(...snippets),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 30 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...snippets)),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
}))

describe('whatever the text is', () => {
  const run = { numRuns: 3000 }

  test('nearly a spec', () => {
    fc.assert(
      fc.property(nearlySpec, (text) => void agrees(text)),
      run,
    )
  })

  test('any data, written by somebody else', () => {
    const written = fc.record({
      data: fc.dictionary(fc.string({ maxLength: 8 }), value, { minKeys: 1, maxKeys: 4 }),
      indent: fc.integer({ min: 1, max: 6 }),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_DOUBLE' as const,
        'QUOTE_SINGLE' as const,
      ),
      lineWidth: fc.constantFrom(0, 20, 80),
    })
    fc.assert(
      fc.property(written, ({ data, ...options }) => void agrees(stringify(data, options))),
      run,
    )
  })

  test('any data as JSON, on one line and on several', () => {
    const written = fc.record({
      data: fc.dictionary(fc.string({ maxLength: 8 }), value, { minKeys: 1, maxKeys: 4 }),
      indent: fc.integer({ min: 0, max: 4 }),
    })
    fc.assert(
      fc.property(written, ({ data, indent }) => void agrees(JSON.stringify(data, null, indent))),
      run,
    )
  })

  test('a plain spec as JSON is taken', () => {
    const data = { version: 1, listen: [8080, 8443], locations: [{ match: '/', upstream: 'app' }] }
    expect(agrees(JSON.stringify(data))).toBe(true)
    expect(agrees(JSON.stringify(data, null, 2))).toBe(true)
  })
})
