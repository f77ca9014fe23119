import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

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

test('every test that a text or a comment cites exists', () => {
  const citations = files.flatMap((by) =>
    [...readFileSync(join(root, by), 'utf8').matchAll(cited)].map(([path]) => ({ by, path })),
  )
  // Else the expression finds nothing, and this test would pass for ever.
  expect(citations.length).toBeGreaterThan(5)
  expect(citations.filter(({ path, by }) => !isThere(path, by))).toEqual([])
})
