import { env } from 'node:process'
import { describe, expect, test } from 'vitest'
import { readHaproxy } from '../readers/haproxy.ts'
import { readHttpd } from '../readers/httpd.ts'
import { readNginx } from '../readers/nginx.ts'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { type SnippetPlace, snippetPlaces } from '../support/snippet-levels.ts'

/** Snippets tried at each level; SNIPPET_RUNS asks for another number. */
const runs = Number(env['SNIPPET_RUNS'] ?? 120)

/** A generated file as an independent reader sees it. */
interface Node {
  readonly words: readonly string[]
  readonly line: number
  readonly below: readonly Node[]
}

const readers = {
  nginx: (text: string): readonly Node[] => {
    const node = (one: ReturnType<typeof readNginx>[number]): Node => ({
      words: [one.name, ...one.args],
      line: one.line,
      below: one.block?.map(node) ?? [],
    })
    return readNginx(text).map(node)
  },
  haproxy: (text: string): readonly Node[] =>
    readHaproxy(text).map(({ line, lines, words }) => ({
      words,
      line,
      below: lines.map((each) => ({ ...each, below: [] })),
    })),
  httpd: (text: string): readonly Node[] => {
    const node = (one: ReturnType<typeof readHttpd>[number]): Node => ({
      words: [one.name, ...one.args],
      line: one.line,
      below: one.section?.map(node) ?? [],
    })
    return readHttpd(text).map(node)
  },
}

/** The structure without lines; of a file with a snippet, without what is between its comments. */
const structure = (nodes: readonly Node[], from: number, to: number): readonly unknown[] =>
  nodes
    .filter(({ line }) => line <= from || line >= to)
    .map(({ below, words }) => [words, structure(below, from, to)])

/** The file with a snippet: the first comment that begins it, and the last that ends one. */
const withoutSnippet = (text: string, dialect: SnippetPlace['dialect']): readonly unknown[] => {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.trim().startsWith('# Snippet ')) + 1
  const to = lines.findLastIndex((line) => line.trim() === '# End of snippet') + 1
  return structure(readers[dialect](text), from, from === 0 ? 0 : to)
}

const words = {
  nginx: [
    ...['{', '}', ';', '\n', ' ', '"', "'", '\\', '#', '${', '{{', '}}', '{%', '%}', '<%', '%>'],
    ...[
      '$',
      '\t',
      'x',
      'etag off;',
      'if ($x) { return 204; }',
      'set $a "b',
      'server {',
      'location /',
    ],
    ...['content_by_lua_block {', '{#', 'map $a $b {', '# End of snippet', '\n\n', '\\\n', '"\n'],
  ],
  haproxy: [
    ...[
      '\n',
      ' ',
      '"',
      "'",
      '\\',
      '#',
      '$',
      '"$\u007bX}"',
      '\\x0a',
      '\\n',
      'frontend x',
      'backend',
      '.if',
    ],
    ...[
      '.endif',
      'maxconn 5',
      'no option x',
      'global',
      'bind :1',
      '\\\n',
      '\n#',
      '{',
      '}',
      '%[src]',
    ],
    ...['listen', 'defaults', '"\n', "'\n", '\t', 'timeout', '# End of snippet', 'peers p', 'x'],
  ],
  httpd: [
    ...[
      '\n',
      ' ',
      '"',
      "'",
      '\\',
      '#',
      '$',
      '$\u007bX}',
      '\\\n',
      '<',
      '>',
      '</',
      '</VirtualHost>',
      '</Proxy>',
    ],
    ...[
      '<VirtualHost *:80>',
      '<IfModule a>',
      '</IfModule>',
      '</ifmodule>',
      '</LocationMatch>',
      '<If "a">',
    ],
    ...[
      '</If>',
      'LimitRequestLine 9',
      '"</Proxy>"',
      '<Macro a>',
      '# End of snippet',
      '\t',
      '#\\\n',
      'x',
    ],
  ],
} as const

const snippetOf = (dialect: SnippetPlace['dialect']): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words[dialect]) }, fc.string()), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts) => parts.join(''))

describe('a snippet of any text stays in its block, or is refused', () => {
  test.each(snippetPlaces)('$name', ({ dialect, spec }) => {
    const file = (compiled: ReturnType<typeof compileText>): string | undefined =>
      compiled.artifacts.find(({ text }) => text.includes('# Snippet '))?.text
    const plain = compileText(JSON.stringify(spec(null)))
    const structures = plain.artifacts.map(({ text }) =>
      JSON.stringify(structure(readers[dialect](text), 0, 0)),
    )
    expect(structures.length).toBeGreaterThan(0)
    let [accepted, refused] = [0, 0]
    fc.assert(
      fc.property(snippetOf(dialect), (snippet) => {
        const text = file(compileText(JSON.stringify(spec(snippet))))
        if (text === undefined) refused++
        else {
          accepted++
          expect(structures).toContain(JSON.stringify(withoutSnippet(text, dialect)))
        }
      }),
      { numRuns: runs },
    )
    // Neither is everything refused, nor everything accepted.
    expect(accepted).toBeGreaterThan(runs / 50)
    expect(refused).toBeGreaterThan(runs / 50)
  })
})
