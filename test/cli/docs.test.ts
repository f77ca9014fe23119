import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileText } from '../support/compile.ts'
import { refreshed } from '../support/refresh-docs.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** All pages but those of docs/rules, which test/rules.test.ts makes. */
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('rules/'))
    .map((name) => `docs/${name}`),
]

/** Their examples are wrong on purpose. */
const rulePages = readdirSync(join(root, 'docs', 'rules')).map((name) => `docs/rules/${name}`)

test('the command line is built (npm run build)', () => {
  expect(existsSync(join(root, 'dist', 'cli.js'))).toBe(true)
})

describe('outputs in the documentation are up to date (npm run docs)', () => {
  test.each(pages)('%s', async (page) => {
    await expect(await refreshed(page)).toMatchFileSnapshot(join(root, page))
  })
})

describe('every complete spec in the documentation is valid', () => {
  test.each(pages)('%s', (page) => {
    const blocks = [
      ...readFileSync(join(root, page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
    ].map(([, text]) => text ?? '')
    for (const text of blocks.filter((block) => /^version: 1$/m.test(block))) {
      expect(compileText(text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual(
        [],
      )
    }
  })
})

/** The anchors of a page, as GitHub makes them from its headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('every link has a target', () => {
  test.each([...pages, ...rulePages])('%s', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    const missing = links.filter(([, target = '', anchor]) => {
      const file = target === '' ? page : normalize(join(dirname(page), target))
      if (!existsSync(join(root, file))) return true
      return (
        anchor !== undefined && !anchorsOf(readFileSync(join(root, file), 'utf8')).includes(anchor)
      )
    })
    expect(missing.map(([link]) => link)).toEqual([])
  })
})
