import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { untestableReason } from '../../core/lab/claims.ts'
import { planWithoutContents } from '../../core/lab/plan.ts'
import { type LabPlanned, labPlanned, type Selection } from '../../core/lab/planned.ts'
import { toolFiles } from '../../core/lab/tools.ts'
import { sizeAt, upgradePlaceAt } from '../../core/lab/upgrade-place.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { ReadFiles } from '../../core/outside.ts'
import { shownDiagnostics } from '../../core/pipeline.ts'
import type { Trial } from '../../core/traffic/evaluate.ts'
import type { Scenario } from '../../core/traffic/scenario.ts'
import { scenarios } from '../../core/traffic/scenarios.ts'
import { ToolError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatDiagnostics } from '../../report/diagnostics.ts'
import { formatJson } from '../../report/json.ts'
import type { Progress } from '../../report/progress.ts'
import { styleFor } from '../../report/style.ts'
import { formatComparison } from '../../report/traffic/comparison.ts'
import { formatLabPlan } from '../../report/traffic/plan.ts'
import { formatTrial } from '../../report/traffic/text.ts'
import type { ArgsOf, Outcome, Words } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { addReadableFiles, loadSpec } from '../load.ts'
import type { SpecFile } from '../named.ts'
import { namedSpecs, specFile } from '../spec-file.ts'
import {
  checkPath,
  checkTestable,
  durationOf,
  numberOf,
  scenarioNamed,
} from '../traffic/options.ts'
import { withProgress } from '../traffic/progress.ts'
import { reportOutcome, reportPath } from '../traffic/report.ts'
import { withCluster } from './cluster.ts'
import { checkSize, environmentFor } from './environment.ts'
import { findTools, readApplications } from './tools.ts'
import { runTrial } from './trial.ts'

type Args = ArgsOf<typeof labOptions>

interface LoadedSpec {
  readonly file: string
  readonly cluster: Cluster
  /** The files that the spec names. */
  readonly files: ReadFiles
  /** Why `generate` refuses the spec; the lab shows the consequences. */
  readonly objections: readonly string[]
}

/** Finds the programs of a spec; the result plans the lab in a folder. */
const prepare = async (
  { file, cluster, files }: LoadedSpec,
  args: Args,
  { scenarios, size }: Selection,
  context: Context,
) => {
  const world = await context.lab()
  const tools = await findTools(cluster, args, world.node, context)
  const applications = await readApplications(world.packageFolder, context)
  const runner = context.workspace.runner(toolFiles(tools, cluster), args.user)
  const planIn = async (folder: string) => {
    const environment = await environmentFor([cluster], folder, runner.isRoot, world)
    const plan = planWithoutContents(
      cluster,
      files,
      args.upstream,
      tools,
      applications,
      environment,
    )
    if (typeof plan === 'string')
      throw new ToolError(`${file} cannot be run in the lab: ${plan}`, {
        help: 'change the spec, or name another program with its option',
      })
    const upgrade =
      args.upgradePath === null ? plan.upgrade : upgradePlaceAt(plan.entryPoint, args.upgradePath)
    checkTestable(scenarios, (one) => untestableReason(one, sizeAt(upgrade, size), plan))
    const notes = [...(runner.note === null ? [] : [runner.note]), ...plan.notes]
    return { ...plan, upgrade, notes }
  }
  return { planIn, runner }
}

const dryRun = async (
  specs: readonly LoadedSpec[],
  args: Args,
  options: Selection,
  context: Context,
): Promise<Outcome> => {
  const plans: LabPlanned[] = []
  for (const spec of specs) {
    const { planIn } = await prepare(spec, args, options, context)
    plans.push(labPlanned(spec.file, await planIn('/'), spec.objections, options))
  }
  const exitCode = exitCodes.done
  const stdout =
    args.format === 'json'
      ? formatJson('lab', exitCode, { plans })
      : plans.map(formatLabPlan).join('\n')
  return { exitCode, stdout, stderr: '' }
}

/** Starts the cluster of a spec, runs the scenarios and stops it. */
const runSpec = async (
  spec: LoadedSpec,
  args: Args,
  options: Selection,
  progress: Progress,
  context: Context,
): Promise<Trial> => {
  const world = await context.lab()
  const { planIn, runner } = await progress.during('looking for programs', () =>
    prepare(spec, args, options, context),
  )
  return world.withWorkplace(runner.account, async (workplace) => {
    const plan = await planIn(workplace.folder)
    return withCluster(plan, workplace, world, progress, async (running) => {
      const { keep } = args
      const seen = await runTrial(spec.file, { ...options, keep }, running, context, progress)
      const trial = { ...seen, notes: [...spec.objections, ...seen.notes] }
      if (keep) {
        const urls = plan.upstream.servers.flatMap(({ name, address }) =>
          address.kind === 'inet' ? [`  ${name}: http://${address.host}:${address.port}/`] : [],
        )
        const results =
          trial.results.length === 0 ? '' : formatTrial(trial, styleFor(context.colour.stderr))
        world.screen.write(
          `${results}open ${plan.entryPoint.url}\n${urls.join('\n')}\npress Ctrl-C to stop the cluster\n`,
        )
        for (;;) await world.clock.wait(3_600_000)
      }
      return trial
    })
  })
}

/** Errors of rules become objections; other errors are refused. */
const loadLabSpec = async (
  named: SpecFile,
  context: Context,
): Promise<LoadedSpec | { readonly refusals: readonly LocatedDiagnostic[] }> => {
  const resolved = await loadSpec(named.file, context)
  const complete = await addReadableFiles(resolved, named, context)
  const errors = shownDiagnostics(complete).filter(({ severity }) => severity === 'error')
  const { cluster, files } = complete
  if (cluster === null || hasErrors(resolved.diagnostics)) return { refusals: errors }
  return {
    file: named.file,
    cluster,
    files,
    objections: errors.map(({ message }) => `sessctl generate refuses this spec: ${message}`),
  }
}

const checkSpec = ({ file, cluster }: LoadedSpec, { upstream }: Pick<Args, 'upstream'>): void => {
  checkSize(file, cluster)
  const names = cluster.upstreams.map(({ name }) => name)
  if (upstream !== null && !names.includes(upstream))
    throw new UsageError(`${file} has no upstream "${upstream}"`, {
      help: didYouMean(upstream, names),
    })
}

const listScenarios = ({ format }: Args): Outcome => {
  const exitCode = exitCodes.done
  const known = scenarios.map(({ name, title, claim }) => ({ name, title, claim }))
  const width = Math.max(...known.map(({ name }) => name.length))
  const lines = known.map(({ name, claim }) => `${name.padEnd(width)}  ${claim}\n`)
  const stdout =
    format === 'json' ? formatJson('lab', exitCode, { scenarios: known }) : lines.join('')
  return { exitCode, stdout, stderr: '' }
}

const refused = (
  diagnostics: readonly LocatedDiagnostic[],
  { format }: Args,
  { colour }: Context,
): Outcome => {
  const exitCode = exitCodes.notUnderstood
  if (format === 'json')
    return {
      exitCode,
      stdout: formatJson('lab', exitCode, { diagnostics, trials: [] }),
      stderr: '',
    }
  const stderr = formatDiagnostics(diagnostics, styleFor(colour.stderr), 'counted')
  return { exitCode, stdout: '', stderr }
}

/** In the order of their definition; with --keep, none by default. */
const wantedScenarios = ({ scenario, keep }: Args): readonly Scenario[] => {
  const named = scenario.map((name) => scenarioNamed(name, scenarios))
  if (named.length === 0) return keep ? [] : scenarios
  return scenarios.filter((one) => named.includes(one))
}

export const runLab = async (args: Args, context: Context, words: Words): Promise<Outcome> => {
  if (args.list) return listScenarios(args)
  if (args.upgradePath !== null) checkPath('--upgrade-path', args.upgradePath)
  const options: Selection = {
    scenarios: wantedScenarios(args),
    isNamed: args.scenario.length > 0,
    size: {
      clients: numberOf('--clients', args.clients, 10_000),
      requests: numberOf('--requests', args.requests, 1_000),
      idleMs: args.idle === null ? null : durationOf('--idle', args.idle),
      slowMs: durationOf('--slow', args.slow),
    },
  }
  const named = namedSpecs(args.file, words.operands)
  const files = named.length > 0 ? named : [await specFile(null, [], context)]
  if (args.keep && files.length > 1)
    throw new UsageError('--keep works with one spec only', {
      help: 'name one spec, or omit --keep',
    })
  const path = await reportPath(args, context)
  const specs: LoadedSpec[] = []
  for (const file of files) {
    const loaded = await loadLabSpec({ file, allowOutside: args.allowOutside }, context)
    if ('refusals' in loaded) return refused(loaded.refusals, args, context)
    checkSpec(loaded, args)
    specs.push(loaded)
  }
  if (args.dryRun) return dryRun(specs, args, options, context)
  const trials = await withProgress(args.quiet, await context.lab(), context, async (progress) => {
    const done: Trial[] = []
    for (const spec of specs) {
      if (specs.length > 1) progress.say(`${spec.file}:`)
      done.push(await runSpec(spec, args, options, progress, context))
    }
    return done
  })
  return reportOutcome('lab', trials, args, path, context, (style) => {
    const texts = trials.map((trial) => formatTrial(trial, style))
    return [...texts, ...(args.compare ? [formatComparison(trials, style)] : [])].join('\n')
  })
}
