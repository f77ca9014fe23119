import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../src/core/catalogue.ts'
import { compileFolder } from './support/cases.ts'
import { rulesPage } from './support/rules-page.ts'

const folder = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))
const codes = Object.values(catalogue).flatMap((table) => Object.keys(table))

/** A fixture of 8 MiB would tell nobody anything: test/unit/spec has it. */
const withoutFixture = ['spec-too-large']

describe('every code has a spec that earns it and one that does not', () => {
  test.each(codes.filter((code) => !withoutFixture.includes(code)))('%s', (code) => {
    const bad = compileFolder(join(folder, code), 'bad.yaml')
    const good = compileFolder(join(folder, code), 'good.yaml')
    expect(bad.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code)
    expect(good.diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code)
    expect(good.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('and there is no fixture for a code that does not exist', () => {
    const unknown = readdirSync(folder).filter((name) => !codes.includes(name))
    expect(unknown).toEqual([])
    expect(withoutFixture.filter((code) => existsSync(join(folder, code)))).toEqual([])
  })

  test('and no code is defined twice', () => {
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })
})

test('docs/rules.md says what the catalogue and the fixtures say (npm run docs)', async () => {
  await expect(rulesPage()).toMatchFileSnapshot('../docs/rules.md')
})
