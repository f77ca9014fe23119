import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileCase } from '../support/cases.ts'

const folder = fileURLToPath(new URL('../../fixtures/cases/', import.meta.url))

const filesBelow = (root: string): string[] =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort()
    : []

describe.each(readdirSync(folder))('%s', (name) => {
  const { artifacts, report } = compileCase(join(folder, name))
  const expected = join(folder, name, 'expected')

  test.each(artifacts.map(({ path }) => path))('writes %s', async (path) => {
    const artifact = artifacts.find((candidate) => candidate.path === path)
    // Bytes, not text: encodings and line ends are part of the answer.
    const bytes = Buffer.from(artifact?.bytes ?? [])
    await expect(bytes.toString('latin1')).toMatchFileSnapshot(join(expected, `${path}`))
  })

  test('writes nothing else, and says why it is so', async () => {
    await expect(report).toMatchFileSnapshot(join(expected, 'diagnostics.txt'))
    expect(filesBelow(expected)).toEqual([...artifacts.map(({ path }) => path), 'diagnostics.txt'].sort())
  })

  test('is the same again', () => {
    const again = compileCase(join(folder, name))
    expect(again.artifacts.map(({ bytes }) => bytes)).toEqual(artifacts.map(({ bytes }) => bytes))
    expect(readFileSync(join(folder, name, 'sessctl.yaml'), 'utf8')).toContain('version: 1')
  })
})
