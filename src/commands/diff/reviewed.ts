import type { Context } from '../../context.ts'
import type { FileChange } from '../../core/diff/compare.ts'
import { type PlacedReview, placedReview } from '../../core/diff/placed.ts'
import { review, sideOf } from '../../core/review/index.ts'
import { quotedArgument } from '../../report/plan.ts'
import type { ReviewReport } from '../../report/review/report.ts'
import type { Comparison } from './comparison.ts'
import type { Side } from './side.ts'
import type { Sources } from './sources.ts'

const reviewOf = (
  { before, after, secrets }: Comparison,
  files: readonly FileChange[],
): PlacedReview | null => {
  if (before === null || after === null) return null
  const [old, now] = [sideOf(before), sideOf(after)]
  if (old === null || now === null) return null
  return placedReview(review(old, now), { before, after }, files, secrets.spellings)
}

const reasonWithout = ({ before, after }: Sources, { unknown }: Comparison): string => {
  if (unknown !== null) return unknown
  if (after.kind === 'none') return 'the spec is removed'
  return before.kind === 'none' ? 'there was no spec before' : 'the spec has errors'
}

const wordOf = ({ kind, label }: Side): string =>
  kind === 'folder' && !label.endsWith('/') ? `${label}/` : label

/** The command line again, for a terminal. */
const commandFor = (words: readonly string[]): string => {
  const format = words.indexOf('--format')
  const kept = words.filter(
    (word, index) => !word.startsWith('--format') && (format === -1 || index !== format + 1),
  )
  return ['sessctl', ...kept.map(quotedArgument)].join(' ')
}

/** Everything that the formats print. */
export const reportOf = (
  comparison: Comparison,
  sources: Sources,
  files: readonly FileChange[],
  context: Context,
): ReviewReport => {
  const { before, after } = sources
  const { unknown } = comparison
  const found = reviewOf(comparison, files)
  const named = after.kind === 'none' ? before : after
  return {
    subject: named.kind === 'spec' ? named.file : named.label,
    before: wordOf(before),
    after: wordOf(after),
    review: found,
    proof: null,
    withoutReview: found === null ? reasonWithout(sources, comparison) : null,
    files,
    unchanged: comparison.pairs.length - files.length,
    clusters: {
      before: comparison.before?.cluster ?? null,
      after: comparison.after?.cluster ?? null,
    },
    diagnostics: comparison.diagnostics,
    notes: [...sources.notes, ...comparison.notes, ...(unknown === null ? [] : [unknown])],
    command: commandFor(context.commandLine),
  }
}
