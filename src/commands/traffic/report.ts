import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { isFailure, type Trial } from '../../core/traffic/evaluate.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { pageMark } from '../../report/html-document.ts'
import { formatJson } from '../../report/json.ts'
import { type Style, styleFor } from '../../report/style.ts'
import { trafficPage } from '../../report/traffic/page.ts'
import { version } from '../../version.ts'
import type { Outcome } from '../define.ts'

interface Args {
  readonly dryRun: boolean
  readonly format: string
  readonly output: string | null
}

/**
 * The path of --output; null without the option.
 * @throws UsageError for an HTML page of a dry run, and for an existing file that is not a report.
 */
export const reportPath = async (
  { dryRun, format, output }: Args,
  { cwd, files }: Context,
): Promise<string | null> => {
  if (dryRun && format === 'html')
    throw new UsageError('--dry-run has no HTML page: nothing is measured', {
      help: 'omit --format html, or use --format json',
    })
  if (output === null) return null
  const path = resolve(cwd, output)
  if (!(await files.exists(path))) return path
  const text = new TextDecoder().decode(await files.read(path))
  if (text.slice(0, 4096).includes(pageMark)) return path
  throw new UsageError(`${output} exists and is not a report of sessctl`, {
    help: 'name another file with --output, or remove the existing one',
  })
}

/** The exit code, the report in the wanted format, and the page of --output. */
export const reportOutcome = async (
  command: 'lab' | 'verify',
  trials: readonly Trial[],
  { format }: Args,
  path: string | null,
  context: Context,
  text: (style: Style) => string,
): Promise<Outcome> => {
  const failures = trials.flatMap(({ results }) => results.filter(isFailure))
  const exitCode = failures.length > 0 ? exitCodes.found : exitCodes.done
  const { clock } = await context.traffic()
  const about = { version, commandLine: context.commandLine, epochMs: clock.now() }
  const page = format === 'html' || path !== null ? trafficPage(about, trials) : ''
  if (path !== null) await context.files.write(path, page)
  const stdout =
    format === 'json'
      ? formatJson(command, exitCode, { trials })
      : format === 'html'
        ? page
        : text(styleFor(context.colour.stdout))
  return { exitCode, stdout, stderr: '' }
}
