import { normalize, relative, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { compareWithBaseline, formatBaseline, readBaseline } from '../../core/linting/baseline.ts'
import { type Finding, isCounted } from '../../core/linting/finding.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { formatFileChange } from '../../report/diff.ts'
import { lintGithub, lintGitlab } from '../../report/lint/annotations.ts'
import { lintJson } from '../../report/lint/json.ts'
import { lintSarif } from '../../report/lint/sarif.ts'
import { styleFor } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { lintOptions } from '../lint.ts'
import { specFile } from '../spec-file.ts'
import type { Checked } from './checked.ts'
import { changeOf, type Fixed, fixed, writeFixed } from './fix.ts'
import { lintSpec } from './spec.ts'

type Args = ArgsOf<typeof lintOptions>

const checkArgs = (args: Args, files: readonly string[]): void => {
  if (args.dryRun && !args.fix)
    throw new UsageError('--dry-run needs --fix: without it, nothing is written', {
      help: 'remove --dry-run, or add --fix',
    })
  if (args.writeBaseline && args.baseline === null)
    throw new UsageError('--write-baseline needs the name of a file', {
      help: 'add --baseline sessctl-baseline.json',
    })
  if (args.fix && files.includes('-'))
    throw new UsageError('--fix cannot write to standard input', { help: 'name a file' })
}

/** As in a repository: relative to the working directory where the file is below it. */
const nameOf = (file: string, { cwd }: Context): string => {
  const below = relative(cwd, resolve(cwd, file))
  return below.startsWith('..') || below === '' ? normalize(file) : below
}

const checkOne = async (given: string, args: Args, context: Context): Promise<Fixed> => {
  const isStdin = given === '-'
  const file = isStdin ? given : nameOf(given, context)
  const place = resolve(context.cwd, file)
  if (!isStdin) await context.files.checkSpecPlace(place, file)
  const bytes = isStdin ? await context.readStdin() : await context.files.read(place)
  const check = (content: Uint8Array): Promise<Checked> =>
    lintSpec(file, content, args.allowOutside, context)
  const before = await check(bytes)
  if (!args.fix) return { before, after: before, edits: 0 }
  const done = await fixed(before, check)
  if (!args.dryRun && done.edits > 0) await writeFixed(done, place, context)
  return done
}

/** What the baseline leaves, and what is said about it. */
interface Judged {
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`

const judged = async (
  all: readonly Finding[],
  { baseline, writeBaseline }: Args,
  { cwd, files }: Context,
): Promise<Judged> => {
  if (baseline === null) return { findings: all, notes: [] }
  const place = resolve(cwd, baseline)
  if (writeBaseline) {
    const accepted = all.filter(isCounted)
    await files.write(place, formatBaseline(accepted))
    return { findings: [], notes: [`${count(accepted.length, 'finding')} written to ${baseline}`] }
  }
  const known = readBaseline(new TextDecoder().decode(await files.read(place)))
  if (known === null)
    throw new UsageError(`${baseline} is not a baseline of sessctl lint`, {
      help: 'write one with --write-baseline',
    })
  const { fresh, known: hidden, gone } = compareWithBaseline(all, known)
  const notes = [
    ...(hidden.length === 0 ? [] : [`${count(hidden.length, 'finding')} of ${baseline} not shown`]),
    ...(gone === 0
      ? []
      : [
          `${count(gone, 'finding')} of ${baseline} no longer found: --write-baseline removes them`,
        ]),
  ]
  return { findings: fresh, notes }
}

const answer = (
  { findings, notes }: Judged,
  changed: readonly Fixed[],
  exitCode: number,
  args: Args,
  { colour }: Context,
): Outcome => {
  // Notes are choices of sessctl: no remarks for a review unless they are asked for.
  const remarks = args.verbose ? findings : findings.filter(isCounted)
  const said = args.quiet ? '' : notes.map((note) => `${visible(note)}\n`).join('')
  switch (args.format) {
    case 'json': {
      const diffs = args.fix ? { changes: changed.map(changeOf) } : {}
      return { exitCode, stdout: lintJson(findings, exitCode, diffs), stderr: '' }
    }
    case 'sarif':
      return { exitCode, stdout: lintSarif(remarks), stderr: said }
    case 'gitlab':
      return { exitCode, stdout: lintGitlab(remarks), stderr: said }
    case 'github':
      // Its lines are commands, which the last filter of the output would hide.
      return { exitCode, stdout: lintGithub(remarks), isFile: true, stderr: said }
    default: {
      const style = styleFor(colour.stdout)
      const detail = detailOf(args)
      const shown = formatDiagnostics(findings, style, detail === 'counted' ? 'warnings' : detail)
      const made = args.dryRun
        ? changed.map((each) => formatFileChange(changeOf(each), style)).join('')
        : changed
            .map(({ after, edits }) => `${visible(after.file)}: ${count(edits, 'edit')}\n`)
            .join('')
      return { exitCode, stdout: `${args.quiet ? '' : made}${shown}`, stderr: said }
    }
  }
}

export const runLint: Run<typeof lintOptions> = async (args, context, { operands }) => {
  checkArgs(args, operands)
  const named = operands.length > 0 ? [...new Set(operands)] : [await specFile(null, [], context)]
  const results: Fixed[] = []
  for (const file of named) results.push(await checkOne(file, args, context))
  const all = results.flatMap(({ after }) => after.findings)
  const outcome = await judged(all, args, context)
  const exitCode = outcome.findings.some(isCounted) ? exitCodes.found : exitCodes.done
  const changed = results.filter(({ edits }) => edits > 0)
  return answer(outcome, changed, exitCode, args, context)
}
