import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { concernedPaths } from '../../core/output/paths.ts'
import {
  type Found,
  hasDrift,
  planWrite,
  type Wanted,
  type WritePlan,
} from '../../core/output/plan.ts'
import { IoError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatArtifacts } from '../../report/artifacts.ts'
import { formatDiagnostics } from '../../report/diagnostics.ts'
import { formatJson } from '../../report/json.ts'
import { formatPlan, type Mode, planForJson } from '../../report/plan.ts'
import { styleFor } from '../../report/style.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { generateOptions } from '../generate.ts'
import { compileFile } from '../load.ts'

type Args = ArgsOf<typeof generateOptions>
type Loaded = Awaited<ReturnType<typeof compileFile>>

const foreignError = (folder: string, foreign: readonly string[]): IoError =>
  new IoError(
    `${folder} holds files that sessctl did not write: ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ', …' : ''}`,
    { help: 'move them away, or choose another folder with --out' },
  )

const modeOf = (args: Args): Mode => (args.check ? 'check' : args.dryRun ? 'dry-run' : 'write')

/** Plans against what stands in the folder, and writes unless only asked. */
const planOrWrite = async (wanted: Wanted, args: Args, context: Context): Promise<WritePlan> => {
  const folder = resolve(context.cwd, args.out)
  const concerned = (manifestText: string | null) => concernedPaths(wanted.artifacts, manifestText)
  const planFor = (found: Found): WritePlan => {
    const plan = planWrite(wanted, found)
    if (plan.foreign.length > 0) throw foreignError(args.out, plan.foreign)
    return plan
  }
  if (modeOf(args) !== 'write') return planFor(await context.output.look(folder, concerned))
  let made: WritePlan = { changes: [], foreign: [] }
  const plan = (found: Found) => {
    made = planFor(found)
    return made.changes
  }
  await context.output.change(folder, concerned, plan, context.signal)
  return made
}

const printed = ({ artifacts, diagnostics }: Loaded, args: Args, context: Context): Outcome => {
  const isJson = args.format === 'json'
  const texts = artifacts.map(({ path, dialect, text }) => ({ path, dialect, text }))
  return {
    exitCode: exitCodes.done,
    stdout: isJson
      ? formatJson('generate', exitCodes.done, { diagnostics, artifacts: texts })
      : formatArtifacts(artifacts),
    stderr: isJson
      ? ''
      : formatDiagnostics(diagnostics, styleFor(context.colour.stderr), args.quiet),
  }
}

const refused = ({ diagnostics }: Loaded, args: Args, context: Context): Outcome => {
  const exitCode = exitCodes.notUnderstood
  if (args.format === 'json') {
    return {
      exitCode,
      stdout: formatJson('generate', exitCode, { diagnostics, artifacts: [] }),
      stderr: '',
    }
  }
  return {
    exitCode,
    stdout: '',
    stderr: formatDiagnostics(diagnostics, styleFor(context.colour.stderr), args.quiet),
  }
}

export const runGenerate: Run<typeof generateOptions> = async (args, context) => {
  const loaded = await compileFile(args.file, args.target, context)
  const { artifacts, diagnostics, cluster, spec, only } = loaded
  if (cluster === null || spec === null || hasErrors(diagnostics))
    return refused(loaded, args, context)
  if (args.stdout) return printed(loaded, args, context)
  const plan = await planOrWrite({ artifacts, cluster, spec, only }, args, context)
  const exitCode = args.check && hasDrift(plan) ? exitCodes.found : exitCodes.done
  if (args.format === 'json') {
    return {
      exitCode,
      stdout: formatJson('generate', exitCode, { diagnostics, artifacts: planForJson(plan) }),
      stderr: '',
    }
  }
  const said = formatDiagnostics(diagnostics, styleFor(context.colour.stderr), args.quiet)
  const done = args.quiet
    ? ''
    : formatPlan(plan, args.out, modeOf(args), args.file, styleFor(context.colour.stdout))
  return { exitCode, stdout: done, stderr: said }
}
