import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileCase } from '../support/cases.ts'

const folder = fileURLToPath(new URL('../../fixtures/cases/', import.meta.url))

/** `npm run goldens` writes them; look at what changed before you commit it. */
const isUpdating = process.env['SESSCTL_UPDATE_GOLDENS'] === '1'

const filesBelow = (root: string): readonly string[] =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort()
    : []

/** Bytes, not text: encodings and line ends are part of the answer. */
const expectFile = (file: string, bytes: Uint8Array): void => {
  if (isUpdating) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  // As Latin-1 every byte is one character, so that a difference is shown where it is.
  expect(Buffer.from(bytes).toString('latin1')).toBe(readFileSync(file).toString('latin1'))
}

describe.each(readdirSync(folder))('%s', (name) => {
  const { artifacts, report } = compileCase(join(folder, name))
  const expected = join(folder, name, 'expected')

  beforeAll(() => {
    if (isUpdating) rmSync(expected, { recursive: true, force: true })
  })

  test.each(artifacts.map(({ path }) => path))('writes %s', (path) => {
    const artifact = artifacts.find((candidate) => candidate.path === path)
    expectFile(join(expected, path), artifact?.bytes ?? new Uint8Array())
  })

  test('says why it is so', () => {
    expectFile(join(expected, 'diagnostics.txt'), new TextEncoder().encode(report))
  })

  test('writes nothing else, and the same again', () => {
    expect(filesBelow(expected)).toEqual(
      [...artifacts.map(({ path }) => path), 'diagnostics.txt'].sort(),
    )
    const again = compileCase(join(folder, name))
    expect(again.artifacts.map(({ bytes }) => bytes)).toEqual(artifacts.map(({ bytes }) => bytes))
  })
})
