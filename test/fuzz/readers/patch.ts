import { applyHunks } from '../../../src/build-nginx/core/patches/apply.ts'
import { dryRun } from '../../../src/build-nginx/core/patches/dry-run.ts'
import { parsePatch } from '../../../src/build-nginx/core/patches/parse.ts'
import { isProblem, splitLines } from '../../../src/build-nginx/core/patches/patch.ts'
import type { Read } from '../read.ts'

/** What is patched: some of the lines of the patch itself, so that hunks fit somewhere. */
const near = (text: string): string =>
  splitLines(text)
    .filter((line) => /^[ -]/.test(line))
    .map((line) => line.slice(1))
    .join('')

export const read: Read = (bytes) => {
  const text = bytes.toString('latin1')
  const patch = parsePatch('x.patch', text)
  if (isProblem(patch)) return
  for (const file of patch.files) applyHunks(file, near(text))
  dryRun([{ patch, level: null }], () => near(text))
}
