import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileCase } from '../support/cases.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** A spec, and the folder of what it leads to. */
interface Case {
  readonly name: string
  readonly folder: string
  readonly file: string
  readonly expected: string
}

const cases: readonly Case[] = [
  ...readdirSync(join(fixtures, 'cases')).map((name) => ({
    name,
    folder: join(fixtures, 'cases', name),
    file: 'sessctl.yaml',
    expected: join(fixtures, 'cases', name, 'expected'),
  })),
  ...readdirSync(join(fixtures, 'specs'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      name: `specs/${file}`,
      folder: join(fixtures, 'specs'),
      file,
      expected: join(fixtures, 'expected', file.replace(/\.yaml$/, '')),
    })),
]

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

describe.each(cases)('$name', ({ folder, file, expected }) => {
  const { artifacts, report } = compileCase(folder, file)

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
    const again = compileCase(folder, file)
    expect(again.artifacts.map(({ bytes }) => bytes)).toEqual(artifacts.map(({ bytes }) => bytes))
  })
})
