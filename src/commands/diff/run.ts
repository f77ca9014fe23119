import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { compareFiles, type FileChange } from '../../core/diff/compare.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { formatJson } from '../../report/json.ts'
import { reviewGithub, reviewGitlab } from '../../report/review/annotations.ts'
import { type JsonFacts, type JsonSide, reviewJson } from '../../report/review/json.ts'
import { reviewMarkdown } from '../../report/review/markdown.ts'
import { reviewPage } from '../../report/review/page.ts'
import type { ReviewReport } from '../../report/review/report.ts'
import { reviewText } from '../../report/review/text.ts'
import { styleFor } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { diffOptions } from '../diff.ts'
import { type Comparison, compareSpecs } from './comparison.ts'
import { checkExitOptions, conditionOf, ending } from './exit.ts'
import { compareFolders, compareWithFolder } from './folders.ts'
import { checkProof, checkProofSides, proofFor } from './prove.ts'
import { reportOf } from './reviewed.ts'
import { compiledSide, onlyInEither, type Side } from './side.ts'
import { committedSpec, type Sources, sourcesOf } from './sources.ts'

type Args = ArgsOf<typeof diffOptions>

const contextLines = ({ context }: Args): number => {
  if (/^\d{1,6}$/.test(context)) return Number(context)
  throw new UsageError(`--context ${context} is not a number of lines`, {
    help: 'a whole number from 0 to 999999',
  })
}

const compared = async (
  { before, after }: Sources,
  { target }: Args,
  context: Context,
): Promise<Comparison> => {
  if (before.kind === 'folder' && after.kind === 'folder')
    return compareFolders(before, after, context)
  const only = onlyInEither(target, before, after)
  const now = await compiledSide(after, only)
  if (before.kind === 'folder' && after.kind === 'spec' && now !== null)
    return compareWithFolder(before, now, () => committedSpec(after, context), context)
  return compareSpecs(await compiledSide(before, only), now)
}

const jsonSide = (revision: string | null, side: Side): JsonSide | null =>
  revision === null ? null : { revision, commit: side.commit ?? '', hasSpec: side.kind === 'spec' }

/** Signals are handled after this many files: Ctrl-C must not wait for the last one. */
const filesPerTurn = 50

const changesOf = async (
  { pairs, secrets }: Comparison,
  around: number,
  signal: AbortSignal,
): Promise<readonly FileChange[]> => {
  const changes: FileChange[] = []
  for (const change of compareFiles(pairs, secrets, around)) {
    if (changes.length % filesPerTurn === 0) {
      await new Promise((next) => setImmediate(next))
      signal.throwIfAborted()
    }
    changes.push(change)
  }
  return changes
}

/** The answer in the format of the command line. */
const formatted = (
  report: ReviewReport,
  facts: JsonFacts,
  exitCode: number,
  args: Args,
  { colour, columns }: Context,
): Pick<Outcome, 'stdout' | 'isFile'> => {
  switch (args.format) {
    case 'json':
      return { stdout: reviewJson(report, facts, exitCode) }
    case 'markdown':
      return { stdout: reviewMarkdown(report) }
    case 'html':
      return { stdout: reviewPage(report) }
    case 'gitlab':
      return { stdout: reviewGitlab(report) }
    case 'github':
      // Its lines are commands, which the last filter of the output would hide.
      return { stdout: reviewGithub(report), isFile: true }
    default:
      return { stdout: args.quiet ? '' : reviewText(report, styleFor(colour.stdout), columns) }
  }
}

const factsOf = (
  { foreign, edited }: Comparison,
  { before, after }: Sources,
  { base, head }: Args,
): JsonFacts => ({
  base: jsonSide(base, before),
  head: jsonSide(head, after),
  foreign,
  edited,
})

/** A spec has errors. If only rules refuse the new one, the review says what it would do. */
const refused = (
  comparison: Comparison,
  sources: Sources,
  args: Args,
  context: Context,
): Outcome => {
  const { diagnostics } = comparison
  const exitCode = args.detailedExitcode ? exitCodes.found : exitCodes.notUnderstood
  const facts = factsOf(comparison, sources, args)
  const report = reportOf(comparison, sources, [], context)
  if (args.format === 'json') {
    const content = { base: facts.base, head: facts.head, diagnostics, artifacts: [] }
    const stdout =
      report.review === null
        ? formatJson('diff', exitCode, content)
        : reviewJson(report, facts, exitCode)
    return { exitCode, stdout, stderr: '' }
  }
  const answer =
    report.review === null ? { stdout: '' } : formatted(report, facts, exitCode, args, context)
  const said = formatDiagnostics(diagnostics, styleFor(context.colour.stderr), detailOf(args))
  return { exitCode, ...answer, stderr: said }
}

export const runDiff: Run<typeof diffOptions> = async (args, context, { operands }) => {
  const around = contextLines(args)
  checkExitOptions(args)
  for (const condition of args.failOn) conditionOf(condition)
  checkProof(args)
  const sources = await sourcesOf(args, operands, context)
  checkProofSides(args, sources)
  const comparison = await compared(sources, args, context)
  if (hasErrors(comparison.diagnostics)) return refused(comparison, sources, args, context)
  const changes = await changesOf(comparison, around, context.signal)
  const reviewed = reportOf(comparison, sources, changes, context)
  const report = {
    ...reviewed,
    proof: await proofFor(reviewed, comparison, sources, args, context),
  }
  const { exitCode, reasons } = ending(args, report, sources.before.kind === 'none')
  const facts = factsOf(comparison, sources, args)
  const isDocument = args.format === 'json'
  const notes = isDocument || args.quiet ? [] : report.notes
  const said = [...notes, ...(isDocument ? [] : reasons)]
  return {
    exitCode,
    ...formatted(report, facts, exitCode, args, context),
    stderr: said.map((note) => `${visible(note)}\n`).join(''),
  }
}
