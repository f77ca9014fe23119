import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import { renderMarked } from '../../core/diff/marked.ts'
import { type NextStep, nextSteps } from '../../core/output/next-steps.ts'
import {
  concernedPaths,
  type Found,
  hasDrift,
  planWrite,
  type Wanted,
  type WritePlan,
} from '../../core/output/plan.ts'
import { privateArtifacts } from '../../core/output/private-artifacts.ts'
import { shownDiagnostics } from '../../core/pipeline.ts'
import { snippetsIn } from '../../core/snippets/all.ts'
import type { ArtifactCheck } from '../../core/validate/check.ts'
import { IoError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatArtifacts } from '../../report/artifacts.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { formatJson } from '../../report/json.ts'
import { formatNextSteps } from '../../report/next-steps.ts'
import { formatNotice } from '../../report/notice.ts'
import { formatPlan, type Mode, planForJson } from '../../report/plan.ts'
import { styleFor } from '../../report/style.ts'
import { formatValidation } from '../../report/validation.ts'
import type { ArgsOf, Outcome, Run, Words } from '../define.ts'
import type { generateOptions } from '../generate.ts'
import { compileFile } from '../load.ts'
import { checkManifest } from '../manifest.ts'
import { specFile } from '../spec-file.ts'
import type { validateOptions } from '../validate.ts'
import { type Fetched, fetchLibs, formatLibs } from './fetch-libs.ts'
import type { ToValidate } from './validate.ts'

type Args = ArgsOf<typeof generateOptions>
/** What was asked for, and by which command. */
type Asked = Args & { readonly command: 'generate' | 'validate' }

const foreignError = (folder: string, foreign: readonly string[]): IoError =>
  new IoError(
    `${folder} holds files that sessctl did not write: ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ', …' : ''}`,
    { help: 'move them away, or choose another folder with --output' },
  )

const modeOf = (args: Args): Mode => (args.check ? 'check' : args.dryRun ? 'dry-run' : 'write')

/** Compares the artifacts with the folder, and writes them unless --check or --dry-run is set. */
const planOrWrite = async (wanted: Wanted, args: Args, context: Context): Promise<WritePlan> => {
  const folder = resolve(context.cwd, args.output)
  const concerned = (manifestText: string | null) => concernedPaths(wanted.artifacts, manifestText)
  const planFor = (found: Found): WritePlan => {
    checkManifest(args.output, found.manifestText)
    const plan = planWrite(wanted, found)
    if (plan.foreign.length > 0) throw foreignError(args.output, plan.foreign)
    return plan
  }
  if (modeOf(args) !== 'write') return planFor(await context.output.look(folder, concerned))
  let made: WritePlan = { changes: [], foreign: [], previous: null }
  const plan = (found: Found) => {
    made = planFor(found)
    return made.changes
  }
  await context.output.change(folder, concerned, plan, context.signal)
  return made
}

/** The results of checking the artifacts with the real servers; null without --validate. */
type Validation = readonly ArtifactCheck[] | null

const askServers = async (subject: ToValidate, context: Context): Promise<Validation> => {
  const { validate } = await import('./validate.ts')
  return validate(subject, context)
}

const isRefused = (validation: Validation): boolean =>
  validation?.some(({ status }) => status === 'refused') ?? false

/** The outcome as text or as JSON. */
const outcomeOf = (
  diagnostics: readonly LocatedDiagnostic[],
  validation: Validation,
  done: {
    readonly exitCode: number
    readonly artifacts: readonly object[]
    /** Those in the artifacts, by their places in the spec. */
    readonly snippets?: readonly string[]
    readonly text: string
    readonly libs?: readonly Fetched[]
    readonly next?: readonly NextStep[]
  },
  args: Asked,
  context: Context,
): Outcome => {
  const { exitCode, artifacts, text } = done
  if (args.format === 'json') {
    const validated = validation === null ? {} : { validation }
    const libs = done.libs === undefined ? {} : { libs: done.libs }
    const next = done.next === undefined ? {} : { next: done.next }
    const snippets = done.snippets === undefined ? {} : { snippets: done.snippets }
    const content = { diagnostics, ...validated, artifacts, ...snippets, ...libs, ...next }
    return { exitCode, stdout: formatJson(args.command, exitCode, content), stderr: '' }
  }
  const style = styleFor(context.colour.stderr)
  const said = formatDiagnostics(diagnostics, style, detailOf(args))
  const asked = validation === null ? '' : formatValidation(validation, style, args.quiet)
  return { exitCode, stdout: text, stderr: said + asked }
}

const run = async (args: Asked, context: Context, { operands }: Words): Promise<Outcome> => {
  const file = await specFile(args.file, operands, context)
  const from = { file, allowOutside: args.allowOutside }
  const compilation = await compileFile(from, args.target, context)
  const { artifacts, cluster, spec, files, only } = compilation
  const diagnostics = shownDiagnostics(compilation)
  const isUnacceptable =
    hasErrors(diagnostics) ||
    (args.errorOnWarnings && diagnostics.some(({ severity }) => severity === 'warning'))
  if (cluster === null || spec === null || isUnacceptable) {
    const refused = { exitCode: exitCodes.notUnderstood, artifacts: [], text: '' }
    return outcomeOf(diagnostics, null, refused, args, context)
  }
  const validation = args.validate ? await askServers({ cluster, files, artifacts }, context) : null
  if (isRefused(validation)) {
    const refused = { exitCode: exitCodes.found, artifacts: [], text: '' }
    return outcomeOf(diagnostics, validation, refused, args, context)
  }
  if (args.stdout) {
    const texts = artifacts.map(({ path, dialect, text }) => ({ path, dialect, text }))
    const text = formatArtifacts(artifacts)
    const printed = { exitCode: exitCodes.done, artifacts: texts, text }
    const isFile = artifacts.length === 1
    return { ...outcomeOf(diagnostics, validation, printed, args, context), isFile }
  }
  const libs = args.fetchLibs === null ? null : await fetchLibs(cluster, args, context)
  const notice =
    modeOf(args) === 'write' ? context.output.notice(resolve(context.cwd, args.output)) : null
  const secret = privateArtifacts(compilation, renderMarked(compilation, 'literal'))
  const wanted = { artifacts, private: secret, cluster, spec, only }
  const plan = await planOrWrite(wanted, args, context)
  const exitCode = args.check && hasDrift(plan) ? exitCodes.found : exitCodes.done
  const snippets = snippetsIn(cluster, artifacts)
  const style = styleFor(context.colour.stdout)
  const written = formatPlan(plan, args.output, modeOf(args), file, snippets, style)
  // A check and `sessctl validate` only answer a question: nothing is deployed after them.
  const next =
    args.check || args.command === 'validate' ? undefined : nextSteps({ cluster, ...plan })
  const text = args.quiet
    ? ''
    : [
        libs === null ? '' : formatLibs(libs, args.fetchLibs ?? ''),
        written,
        formatNextSteps(next ?? [], args.fetchLibs, style),
      ].join('')
  const done = {
    exitCode,
    artifacts: planForJson(plan),
    snippets,
    text,
    ...(libs === null ? {} : { libs }),
    ...(next === undefined ? {} : { next }),
  }
  const outcome = outcomeOf(diagnostics, validation, done, args, context)
  const isShown =
    notice !== null && args.format !== 'json' && (!args.quiet || notice.level !== 'note')
  return isShown ? { ...outcome, stderr: outcome.stderr + formatNotice(notice) } : outcome
}

/** `sessctl generate`. */
export const runGenerate: Run<typeof generateOptions> = (args, context, words) =>
  run({ ...args, command: 'generate' }, context, words)

/** `sessctl validate`. */
export const runValidate: Run<typeof validateOptions> = (args, context, words) => {
  const fixed = { check: false, stdout: false, dryRun: true, validate: true, offline: false }
  return run(
    { ...args, ...fixed, command: 'validate', fetchLibs: null, mavenRepository: null },
    context,
    words,
  )
}
