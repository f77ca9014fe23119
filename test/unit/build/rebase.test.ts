import { describe, expect, test } from 'vitest'
import { dryRun } from '../../../src/build-nginx/core/patches/dry-run.ts'
import { originIn, originText, rebasedName } from '../../../src/build-nginx/core/patches/origin.ts'
import { parsePatch } from '../../../src/build-nginx/core/patches/parse.ts'
import { isProblem, type Patch } from '../../../src/build-nginx/core/patches/patch.ts'
import { rebase } from '../../../src/build-nginx/core/patches/rebase.ts'
import { patchHelp } from '../../../src/build-nginx/core/patches/rejected.ts'
import { sideBySide } from '../../../src/build-nginx/core/patches/side-by-side.ts'
import { fc } from '../../support/fast-check.ts'

const read = (text: string): Patch => {
  const patch = parsePatch('x.patch', text)
  if (isProblem(patch)) throw new Error(`${patch.line}: ${patch.message}`)
  return patch
}
const inTree = (text: string) => (path: string) => (path === 'x.c' ? text : null)
const linesOf = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

const change = `--- a/x.c
+++ b/x.c
@@ -2,7 +2,7 @@ f(void)
 2
 3
 4
-5
+five
 6
 7
 8
`

const rebased = (patch: string, text: string) => rebase(read(patch), 1, inTree(text))
const applied = (patch: string, text: string): string | null | undefined =>
  dryRun([{ patch: read(patch), level: null }], inTree(text)).changes.get('x.c')

const numbers = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']
const changedAt = (at: number): string =>
  linesOf(...numbers.map((line, index) => (index === at ? `other ${line}` : line)))

describe('a patch that needs fuzz', () => {
  test.each([
    ['of one line at its beginning', 1, 1],
    ['of two lines at its beginning', 2, 2],
    ['of one line at its end', 7, 1],
    ['of two lines at its end', 6, 2],
  ])('%s is rebased with the smallest fuzz, and then applies exactly', (_, at, fuzz) => {
    const text = changedAt(at)
    expect(applied(change, text)).toBeUndefined()
    const found = rebased(change, text)
    expect(found?.fuzz).toBe(fuzz)
    expect(applied(found?.text ?? '', text)).toBe(text.replace('\n5\n', '\nfive\n'))
  })
  test('is refused if the line next to the change differs, or the removed line', () => {
    expect(rebased(change, changedAt(3))).toBeNull()
    expect(rebased(change, changedAt(4))).toBeNull()
  })
  test('is placed at the nearest of several places, never at one of two equally near', () => {
    const block = linesOf('2', '3', '4', '5', '6', '7', '8')
    const far = linesOf('0', '0', '0', '0', '0')
    const two = `${linesOf('1', 'new')}${block}${far}${block}`
    expect(applied(change, two)).toBeUndefined()
    const found = rebased(change, two)
    expect(found?.hunks).toMatchObject([{ line: 3, fuzz: 0, places: 2 }])
    expect(found?.text).toContain('@@ -3,7 +3,7 @@ f(void)\n')
    const tied = `${block}${linesOf('0')}${block}`
    expect(rebased(change.replace('-2,7 +2,7', '-5,7 +5,7'), tied)).toBeNull()
  })
  test('changes close together become one hunk', () => {
    const two = `${change}@@ -9,2 +9,3 @@\n 9\n+new\n 10\n`
    const text = changedAt(1)
    const found = rebased(two, text)
    expect(found?.text.match(/^@@/gm)).toHaveLength(1)
    expect(applied(found?.text ?? '', text)).toBe(
      text.replace('\n5\n', '\nfive\n').replace('9\n', '9\nnew\n'),
    )
  })
  test('shows what it expects next to what is there', () => {
    const found = rebased(change, changedAt(1))
    const shown = found === null ? [] : sideBySide(found, 'nginx 1.22.1')
    expect(shown[0]).toBe('hunk 1 of x.c, at line 2 (fuzz 1):')
    expect(shown.filter((line) => line.includes('≠'))).toEqual([`  ${'2'.padEnd(56)} ≠ other 2`])
  })
})

test('whatever was rebased applies exactly, and adds and removes the same lines', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', '}')
  const property = fc.property(
    fc.array(line, { minLength: 8, maxLength: 24 }),
    fc.nat(20),
    fc.nat(20),
    (lines, where, other) => {
      const at = 3 + (where % (lines.length - 7))
      const context = (from: number, to: number) =>
        lines
          .slice(from, to)
          .map((text) => ` ${text}\n`)
          .join('')
      const patch = `--- a/x.c\n+++ b/x.c\n@@ -${at - 2},7 +${at - 2},7 @@\n${context(at - 3, at)}-${lines[at]}\n+new\n${context(at + 1, at + 4)}`
      const text = linesOf(
        ...lines.map((one, index) => (index === other % lines.length ? 'x' : one)),
      )
      const found = rebased(patch, text)
      if (found === null) return
      const result = applied(found.text, text) ?? ''
      expect(result.match(/^new$/gm)).toHaveLength(1)
      expect(result.split('\n')).toHaveLength(text.split('\n').length)
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('a rebased patch says what it was made from', () => {
  const origin = { name: 'check_1.20.1+.patch', sha256: 'a'.repeat(64), fuzz: 2 }
  const text = `${originText(origin, 'nginx 1.22.1')}${change}`
  expect(originIn(text)).toEqual(origin)
  expect(originIn(change)).toBeNull()
  expect(read(text).files).toHaveLength(1)
  expect(rebasedName('check:a/check_1.20.1+.patch', '1.22.1')).toBe(
    'check_1.20.1+-nginx-1.22.1.patch',
  )
  expect(rebasedName('/x/..', '1.22.1')).not.toContain('/')
})

test('the advice does not ask for a patch for this release, which it may already be', () => {
  const result = { name: 'x', state: 'rejected', level: 1, files: [], problem: null } as const
  expect(patchHelp(result, [], 1, false)).toContain('--rebase-patch')
  expect(patchHelp(result, [], null, false)).toContain('leaving out context does not help')
  expect(patchHelp(result, [], null, true)).toContain('changes of the distribution')
  expect(patchHelp(result, ['y.patch'], null, false)).toContain('y.patch')
})
