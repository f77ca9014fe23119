import { applyHunks } from '../../src/core/build/patches/apply.ts'
import { dryRun } from '../../src/core/build/patches/dry-run.ts'
import { parsePatch } from '../../src/core/build/patches/parse.ts'
import { isProblem, splitLines } from '../../src/core/build/patches/patch.ts'
import { fuzz } from './fuzz.ts'

const words = [
  '--- a/b\n',
  '+++ a/b\n',
  '@@ -1,2 +1,2 @@\n',
  '@@ -0,0 +1 @@\n',
  ' a\n',
  '-a\n',
  '+a\n',
]
const more = [
  '\\ No newline at end of file\n',
  'diff --git a/b a/b\n',
  '/dev/null',
  '../',
  '\t',
  '\r',
]

/** What is patched: some of the lines of the patch itself, so that hunks fit somewhere. */
const near = (text: string): string =>
  splitLines(text)
    .filter((line) => /^[ -]/.test(line))
    .map((line) => line.slice(1))
    .join('')

fuzz('patch', [...words, ...more, 'GIT binary patch\n'], (bytes) => {
  const text = bytes.toString('latin1')
  const patch = parsePatch('x.patch', text)
  if (isProblem(patch)) return
  for (const file of patch.files) applyHunks(file, near(text))
  dryRun([{ patch, level: null }], () => near(text))
})
