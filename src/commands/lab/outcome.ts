import type { Context } from '../../context.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import type { LabTrial } from '../../core/lab/trial.ts'
import { isFailure } from '../../core/traffic/evaluate.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatDiagnostics } from '../../report/diagnostics.ts'
import { formatJson } from '../../report/json.ts'
import { formatCompare } from '../../report/lab.ts'
import { styleFor } from '../../report/style.ts'
import { trafficPage } from '../../report/traffic/page.ts'
import { formatTrial } from '../../report/traffic/text.ts'
import type { ArgsOf, Outcome } from '../define.ts'
import type { labOptions } from '../lab.ts'

type Args = ArgsOf<typeof labOptions>

const textOf = (trials: readonly LabTrial[], args: Args, colour: boolean): string => {
  const style = styleFor(colour)
  const each = trials.map((trial) => formatTrial(trial, style)).join('\n')
  return args.compare ? `${each}\n${formatCompare(trials, style)}` : each
}

/** The report, and the page of --output. */
export const outcomeOf = async (
  trials: readonly LabTrial[],
  args: Args,
  output: string | null,
  context: Context,
): Promise<Outcome> => {
  const isBad = trials.some(({ results }) => results.some(isFailure))
  const exitCode = isBad ? exitCodes.found : exitCodes.done
  const page = () => trafficPage('sessctl lab', trials)
  const answers = {
    json: () => formatJson('lab', exitCode, { trials }),
    html: page,
    text: () => textOf(trials, args, context.colour.stdout),
  }
  const form = args.format === 'json' || args.format === 'html' ? args.format : 'text'
  if (output !== null) await context.files.write(output, page())
  return { exitCode, stdout: answers[form](), stderr: '' }
}

/** A spec that cannot be run. */
export const refused = (
  diagnostics: readonly LocatedDiagnostic[],
  args: Args,
  context: Context,
): Outcome => {
  const exitCode = exitCodes.notUnderstood
  const stderr = formatDiagnostics(diagnostics, styleFor(context.colour.stderr), 'counted')
  return args.format === 'json'
    ? { exitCode, stdout: formatJson('lab', exitCode, { diagnostics, trials: [] }), stderr: '' }
    : { exitCode, stdout: '', stderr }
}
