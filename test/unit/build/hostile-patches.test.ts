import { describe, expect, test } from 'vitest'
import { dryRun } from '../../../src/build-nginx/core/patches/dry-run.ts'
import { parsePatch } from '../../../src/build-nginx/core/patches/parse.ts'
import { isProblem } from '../../../src/build-nginx/core/patches/patch.ts'

const tree: Readonly<Record<string, string>> = { 'src/x.c': 'one\n' }

const newFile = (path: string, head = ''): string =>
  `${head}--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+evil\n`
const change = (path: string): string => `--- ${path}\n+++ ${path}\n@@ -1 +1 @@\n-one\n+evil\n`
const ofGit = (mode: string): string =>
  newFile('b/link', `diff --git a/link b/link\nnew file mode ${mode}\n`)

/** Why nothing of it is applied, at any level; or what would be written. */
const outcome = (text: string, level: number | null): string => {
  const patch = parsePatch('x.patch', text)
  if (isProblem(patch)) return patch.message
  const { results, changes } = dryRun([{ patch, level }], (path) => tree[path] ?? null)
  return results[0]?.problem?.message ?? [...changes.keys()].join(' ')
}

describe('a patch is refused if it', () => {
  test.each([
    ['makes a file outside', newFile('b/../../evil'), /outside of the tree/],
    ['makes a file by its absolute path', newFile('/etc/evil'), /outside of the tree/],
    ['makes a file outside by an escape', newFile('"b/\\056\\056/evil"'), /outside of the tree/],
    ['makes a file outside by backslashes', newFile('b\\..\\evil'), /outside of the tree/],
    ['has a second line in a name', newFile('"b/a\\nevil"'), /outside of the tree/],
    ['changes a file outside', change('a/../src/x.c'), /outside of the tree/],
    ['makes a symbolic link', ofGit('120000'), /symbolic links or submodules/],
    ['makes a submodule', ofGit('160000'), /symbolic links or submodules/],
    [
      'turns a file into a link',
      `diff --git a/src/x.c b/src/x.c\nold mode 100644\nnew mode 120000\n${change('a/src/x.c')}`,
      /symbolic links or submodules/,
    ],
    [
      'renames a file',
      'diff --git a/src/x.c b/../evil\nrename from src/x.c\nrename to ../evil\n',
      /renames or copies/,
    ],
    ['copies a file', 'copy from src/x.c\ncopy to ../evil\n', /renames or copies/],
    ['is binary', 'diff --git a/x b/x\nGIT binary patch\nliteral 1\n', /binary/],
    [
      'counts more lines than there are',
      change('a/src/x.c').replace('-1 +1', '-1,99999999999999999999 +1,4294967297'),
      /ends within hunk 1/,
    ],
    ['is for a file that is not there', change('a/src/y.c'), /not in this tree/],
    [
      'changes nothing but modes',
      'diff --git a/x b/x\nold mode 100644\nnew mode 104755\n',
      /no change/,
    ],
  ])('%s', (_, text, reason) => {
    for (const level of [null, 0, 1, 2]) expect(outcome(text, level)).toMatch(reason)
  })

  test('and a patch without any of these is applied', () => {
    expect(outcome(change('a/src/x.c'), null)).toBe('src/x.c')
    expect(outcome(ofGit('100644'), null)).toBe('link')
  })
})
