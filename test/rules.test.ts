import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { allCodes, codeAreas } from '../src/core/catalogue.ts'
import { compileFolder } from './support/cases.ts'
import { rulesIndex, rulesPage } from './support/rules-page.ts'

const folder = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))
const codes = allCodes

/**
 * A fixture of 8 MiB would tell nobody anything: test/unit/spec has it. What a spec may read depends on
 * where it lies: test/cli/outside.test.ts.
 */
const withoutFixture = ['spec-too-large', 'path-outside', 'path-not-read']

describe('every code is reported for its bad.yaml and not for its good.yaml', () => {
  test.each(codes.filter((code) => !withoutFixture.includes(code)))('%s', (code) => {
    const bad = compileFolder(join(folder, code), 'bad.yaml')
    const good = compileFolder(join(folder, code), 'good.yaml')
    expect(bad.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code)
    expect(good.diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code)
    expect(good.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('no fixture is for a code that does not exist', () => {
    const unknown = readdirSync(folder).filter((name) => !codes.includes(name))
    expect(unknown).toEqual([])
    expect(withoutFixture.filter((code) => existsSync(join(folder, code)))).toEqual([])
  })

  test('no code is defined twice', () => {
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })
})

describe('docs/rules/ is up to date with the catalogue and the fixtures (npm run docs)', () => {
  test('README.md', async () => {
    await expect(rulesIndex()).toMatchFileSnapshot('../docs/rules/README.md')
  })
  test.each(codeAreas)('$page', async (area) => {
    await expect(rulesPage(area)).toMatchFileSnapshot(`../docs/rules/${area.page}`)
  })
  test('has no other page', () => {
    const pages = readdirSync(fileURLToPath(new URL('../docs/rules/', import.meta.url)))
    expect(pages.sort()).toEqual(['README.md', ...codeAreas.map(({ page }) => page)].sort())
  })
})
