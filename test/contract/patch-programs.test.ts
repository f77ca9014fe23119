import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { expect, test } from 'vitest'
import { dryRun } from '../../src/build-nginx/core/patches/dry-run.ts'
import { parsePatch } from '../../src/build-nginx/core/patches/parse.ts'
import { isProblem } from '../../src/build-nginx/core/patches/patch.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { fc } from '../support/fast-check.ts'

const ours = (patch: string, text: string) => {
  const read = parsePatch('x.patch', patch)
  if (isProblem(read)) throw new Error(read.message)
  const { results, changes } = dryRun([{ patch: read, level: 1 }], (path) =>
    path === 'x' ? text : null,
  )
  return { result: results[0], after: changes.get('x') }
}

/** The file as patch(1) leaves it without fuzz; null when it refuses. */
const byProgram = (patch: string, text: string, folder: string): string | null => {
  const file = join(folder, 'x')
  writeFileSync(file, text, 'latin1')
  const args = ['-F0', '-p1', '--batch', '--forward', '--reject-file=-', '--no-backup-if-mismatch']
  const { status } = spawnSync('patch', args, { cwd: folder, input: patch })
  return status === 0 ? readFileSync(file, 'latin1') : null
}

// Few different lines, so that several places fit a hunk as often as one.
const line = fc.constantFrom('a', 'b', 'c', 'd', 'e', '}', '')
const lines = fc.array(line, { minLength: 1, maxLength: 24 })
const context = fc.integer({ min: 1, max: 3 })
const drifted = fc.record({
  at: fc.nat(23),
  take: fc.nat(3),
  put: fc.array(line, { maxLength: 12 }),
})
const edit = fc.record({ at: fc.nat(23), take: fc.nat(3), put: fc.array(line, { maxLength: 3 }) })

const edited = (
  text: readonly string[],
  { at, take, put }: { at: number; take: number; put: readonly string[] },
): readonly string[] => text.toSpliced(Math.min(at, text.length), take, ...put)

const textOf = (all: readonly string[]): string => all.map((one) => `${one}\n`).join('')

test('patch -F0 makes the same bytes wherever sessctl applies a patch, and otherwise applies only a patch with several possible places', ({
  skip,
}) => {
  skip(spawnSync('patch', ['--version']).error !== undefined, 'no patch(1) on this host')
  const folder = tempDir()
  const seen = { same: 0, ambiguous: 0, refused: 0 }
  fc.assert(
    fc.property(
      lines,
      edit,
      drifted,
      context,
      fc.boolean(),
      (before, change, drift, kept, twice) => {
        const after = edited(before, change)
        fc.pre(textOf(before) !== textOf(after) && after.length > 0)
        const patch = createTwoFilesPatch('a/x', 'b/x', textOf(before), textOf(after), '', '', {
          context: kept,
        })
        const tree = textOf(twice ? [...drift.put, ...before, ...before] : edited(before, drift))
        const { result, after: made } = ours(patch, tree)
        const program = byProgram(patch, tree, folder)
        if (result?.state === 'applied') {
          expect(made).toBe(program)
          seen.same += 1
        } else if (result?.state === 'rejected') {
          const reasons = result.files.flatMap(({ rejects }) => rejects.map(({ reason }) => reason))
          // The only intended difference: patch(1) takes the nearest of several places.
          if (program !== null) expect(reasons).toContain('ambiguous')
          seen[program === null ? 'refused' : 'ambiguous'] += 1
        }
      },
    ),
    { numRuns: 400 },
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10)
}, 120_000)
