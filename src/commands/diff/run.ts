import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { compareFiles, type FileChange } from '../../core/diff/compare.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { formatFileChange } from '../../report/diff.ts'
import { formatJson } from '../../report/json.ts'
import { styleFor } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { diffOptions } from '../diff.ts'
import { specFile } from '../spec-file.ts'
import { againstDisk } from './against-disk.ts'
import { againstRevision } from './against-revision.ts'
import type { Comparison } from './comparison.ts'

type Args = ArgsOf<typeof diffOptions>

const contextLines = ({ context }: Args): number => {
  if (/^\d{1,6}$/.test(context)) return Number(context)
  throw new UsageError(`--context ${context} is not a number of lines`, {
    help: 'a whole number from 0 to 999999',
  })
}

const refused = ({ diagnostics, base }: Comparison, args: Args, context: Context): Outcome => {
  const exitCode = exitCodes.notUnderstood
  return args.format === 'json'
    ? {
        exitCode,
        stdout: formatJson('diff', exitCode, { base, diagnostics, artifacts: [] }),
        stderr: '',
      }
    : {
        exitCode,
        stdout: '',
        stderr: formatDiagnostics(diagnostics, styleFor(context.colour.stderr), detailOf(args)),
      }
}

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

/** Facts that the diff does not show. */
const notes = ({ notes: said }: Comparison, args: Args): string =>
  args.quiet ? '' : said.map((note) => `${visible(note)}\n`).join('')

const jsonOf = (comparison: Comparison, changes: readonly FileChange[], exitCode: number): string =>
  formatJson('diff', exitCode, {
    base: comparison.base,
    diagnostics: comparison.diagnostics,
    foreign: comparison.foreign,
    artifacts: changes.map(({ path, ...rest }) => ({
      path,
      editedByHand: comparison.edited.has(path),
      ...rest,
    })),
  })

export const runDiff: Run<typeof diffOptions> = async (args, context, { operands }) => {
  const around = contextLines(args)
  const { base } = args
  const file = await specFile(args.file, operands, context)
  if (base !== null && file === '-') {
    throw new UsageError('--base needs a spec in a file, not standard input', {
      help: 'name the spec with --file',
    })
  }
  const from = { file, allowOutside: args.allowOutside }
  const comparison =
    base === null
      ? await againstDisk(from, args.target, resolve(context.cwd, args.output), context)
      : await againstRevision(from, args.target, base, context)
  if (hasErrors(comparison.diagnostics)) return refused(comparison, args, context)
  const changes = await changesOf(comparison, around, context.signal)
  const exitCode = args.exitCode && changes.length > 0 ? exitCodes.found : exitCodes.done
  if (args.format === 'json')
    return { exitCode, stdout: jsonOf(comparison, changes, exitCode), stderr: '' }
  const style = styleFor(context.colour.stdout)
  return {
    exitCode,
    stdout: args.quiet ? '' : changes.map((change) => formatFileChange(change, style)).join(''),
    stderr: notes(comparison, args),
  }
}
