import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileText } from '../support/compile.ts'
import { refreshed } from '../support/refresh-docs.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** One task each, without output. */
const howTos = readdirSync(join(root, 'docs', 'how-to')).map((name) => `docs/how-to/${name}`)

/** Made by test/rules.test.ts; their examples are wrong on purpose. */
const rulePages = readdirSync(join(root, 'docs', 'rules')).map((name) => `docs/rules/${name}`)

test('the command line is built (npm run build)', () => {
  expect(existsSync(join(root, 'dist', 'cli.js'))).toBe(true)
})

describe('what the docs show is what happens (npm run docs)', () => {
  test.each(pages)('%s', async (page) => {
    await expect(refreshed(page)).toMatchFileSnapshot(join(root, page))
  })
})

describe('every whole spec in the docs works', () => {
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

describe('links lead somewhere', () => {
  test.each([...pages, ...howTos, ...rulePages])('%s', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)].map(
      ([, target]) => target ?? '',
    )
    const missing = targets.filter(
      (target) => target !== '' && !existsSync(join(root, normalize(join(dirname(page), target)))),
    )
    expect(missing).toEqual([])
  })
})
