import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { allCodes, codeAreas } from '../src/core/catalogue.ts'
import { editText } from '../src/core/config/text.ts'
import { compileFolder } from './support/cases.ts'
import { fixtureNames, lintFixture } from './support/lint-fixture.ts'
import { rulesIndex, rulesPage } from './support/rules-page.ts'

const folder = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))
const codes = allCodes

/**
 * A fixture of 8 MiB would tell nobody anything: test/unit/spec has it. What a spec may read depends on
 * where it lies: test/cli/outside.test.ts.
 */
const withoutFixture = ['spec-too-large', 'path-outside', 'path-not-read']

describe('every code is reported for its bad.yaml and not for its good.yaml', () => {
  test.each(
    codes.filter(
      (code) => !withoutFixture.includes(code) && existsSync(join(folder, code, 'bad.yaml')),
    ),
  )('%s', (code) => {
    const bad = compileFolder(join(folder, code), 'bad.yaml')
    const good = compileFolder(join(folder, code), 'good.yaml')
    expect(bad.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code)
    expect(good.diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code)
    expect(good.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('each code has a fixture', () => {
    const without = codes.filter(
      (code) =>
        !withoutFixture.includes(code) &&
        !existsSync(join(folder, code, 'bad.yaml')) &&
        fixtureNames(join(folder, code)).length === 0,
    )
    expect(without).toEqual([])
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

const fileFixtures = codes.flatMap((code) =>
  fixtureNames(join(folder, code)).map((name) => [code, name] as const),
)

describe('a code about files is reported for each bad file, and nothing for the good one', () => {
  test.each(fileFixtures)('%s: %s', (code, name) => {
    const bad = lintFixture(join(folder, code), `bad.${name}`)
    const good = lintFixture(join(folder, code), `good.${name}`)
    expect(bad.diagnostics.map((each) => each.code)).toEqual([code])
    expect(bad.diagnostics[0]?.location.line).toBeGreaterThan(0)
    expect(good.diagnostics.map((each) => each.message)).toEqual([])
  })
  test.each(fileFixtures)('a certain remedy changes bad to good: %s: %s', (code, name) => {
    const { files, diagnostics } = lintFixture(join(folder, code), `bad.${name}`)
    for (const { fix, location } of diagnostics) {
      if (fix === undefined) continue
      const file = files.find((each) => each.file === location.file)
      const text = new TextDecoder().decode(file?.bytes)
      const path = (file?.path ?? '').replace('/bad.', '/good.')
      expect(editText(text, fix)).toBe(readFileSync(path, 'utf8'))
    }
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
