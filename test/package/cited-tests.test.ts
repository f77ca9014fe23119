import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

const folders = ['bench', 'docs', 'module', 'scripts', 'src', 'templates', 'test']
const texts = /\.(?:c|h|hbs|json|md|mjs|py|sh|ts|yaml|yml)$/

const files = [
  ...readdirSync(root).filter((name) => texts.test(name) && name !== 'package-lock.json'),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => texts.test(path) && !path.includes('node_modules'))
      .map((path) => `${folder}/${path}`),
  ),
]

/** A file below test/, as somebody cites it in a text or in a comment. */
const cited = /(?<![\w./-])test\/(?:[\w.-]+\/)*[\w.-]+\.(?:test\.)?(?:ts|md|py)\b/g

/** Whether it exists, below the root or below the folder of who cites it. */
const isThere = (path: string, by: string): boolean =>
  existsSync(join(root, path)) || existsSync(join(root, by.split('/')[0] ?? '', path))

test('every test that a text or a comment names exists', () => {
  const citations = files.flatMap((by) =>
    [...readFileSync(join(root, by), 'utf8').matchAll(cited)].map(([path]) => ({ by, path })),
  )
  // Else the expression finds nothing, and this test would pass for ever.
  expect(citations.length).toBeGreaterThan(5)
  expect(citations.filter(({ path, by }) => !isThere(path, by))).toEqual([])
})

interface Row {
  readonly attack: string
  readonly path: string
  readonly titles: readonly string[]
}

/** The rows of docs/threats.md: the last column has `path`: “title”, “title”, and <br> between paths. */
const threats = (text: string): readonly Row[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| attack '))
    .flatMap((line) => {
      const [attack = '', , tests = ''] = line.slice(2, -2).split(' | ')
      return tests.split('<br>').map((cell) => ({
        attack,
        path: /^`([^`]+)`/.exec(cell)?.[1] ?? '',
        titles: [...cell.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
      }))
    })

/** Whether a file has a test, a group or a row of a table with this title, as a literal. */
const hasTitle = (code: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) =>
    code.includes(quote + title.replaceAll(quote, `\\${quote}`) + quote),
  )

describe('docs/threats.md', () => {
  const rows = threats(readFileSync(join(root, 'docs/threats.md'), 'utf8'))

  test('has a test for every attack', () => {
    expect(rows.length).toBeGreaterThan(30)
    const bare = rows.filter(({ path, titles }) => path === '' || titles.length === 0)
    expect(bare).toEqual([])
  })

  test('names existing tests, by file and title', () => {
    const missing = rows.flatMap(({ path, titles }) => {
      const file = join(root, path)
      const code = existsSync(file) ? readFileSync(file, 'utf8') : ''
      return titles.filter((title) => !hasTitle(code, title)).map((title) => ({ path, title }))
    })
    expect(missing).toEqual([])
  })
})
