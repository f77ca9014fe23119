import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { hiddenByAddresses } from '../../core/lab/claims.ts'
import { planDiscreetly } from '../../core/lab/discreet.ts'
import { type Ground, portsNeeded } from '../../core/lab/ground.ts'
import type { LabPlan } from '../../core/lab/plan.ts'
import { type LabPlanned, labPlanned } from '../../core/lab/planned.ts'
import { toolFiles } from '../../core/lab/tool-files.ts'
import type { LabTrial } from '../../core/lab/trial.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { ReadFiles } from '../../core/outside.ts'
import { shownDiagnostics } from '../../core/pipeline.ts'
import type { Scenario, Size } from '../../core/traffic/scenario.ts'
import { ToolError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { LabWorld } from '../../ports/lab.ts'
import { formatJson } from '../../report/json.ts'
import { formatLabPlan } from '../../report/lab.ts'
import type { LabProgress } from '../../report/lab-progress.ts'
import { styleFor } from '../../report/style.ts'
import { formatTrial } from '../../report/traffic/text.ts'
import type { ArgsOf, Outcome, Words } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { addReadableFiles, loadSpec } from '../load.ts'
import type { SpecFile } from '../named.ts'
import { namedSpecs, specFile } from '../spec-file.ts'
import { outputPath, textOrJson } from '../traffic/output.ts'
import { checkShown } from '../traffic/shown.ts'
import { readApplications } from './applications.ts'
import { chosenScenarios, listScenarios, sizeOf } from './choices.ts'
import { withCluster } from './cluster.ts'
import { outcomeOf, refused } from './outcome.ts'
import { withProgress } from './progress.ts'
import { findTools } from './tools.ts'
import { runTrial } from './trial.ts'

type Args = ArgsOf<typeof labOptions>

interface Loaded {
  readonly file: string
  readonly cluster: Cluster
  /** Those that it names. */
  readonly files: ReadFiles
  /** Why `generate` would not write it: the lab is where one sees what would come of it. */
  readonly objections: readonly string[]
}

/** One process a server: more than a machine has room for would end in nothing. */
const mostServers = 32

const groundOf = async (
  cluster: Cluster,
  folder: string,
  isRoot: boolean,
  world: LabWorld,
): Promise<Ground> => {
  const { host, first } = await world.network.findPorts(portsNeeded(cluster))
  return {
    folder,
    host,
    firstPort: first,
    isRoot,
    closesStores: true,
    password: world.random(24),
    key: world.random(32),
  }
}

interface Wish {
  readonly scenarios: readonly Scenario[]
  readonly size: Size
  readonly progress: LabProgress
}

/** How the cluster of a spec runs below any folder. @throws ToolError when it cannot. */
const planner = async (
  { file, cluster, files }: Loaded,
  args: Args,
  { scenarios, size }: Pick<Wish, 'scenarios' | 'size'>,
  context: Context,
) => {
  const world = await context.lab()
  const tools = await findTools(cluster, args, world.node, context)
  const applications = await readApplications(world.packageFolder, context)
  const runner = context.workspace.runner(toolFiles(tools, cluster), args.user)
  const planIn = async (folder: string) => {
    const ground = await groundOf(cluster, folder, runner.isRoot, world)
    const planned = planDiscreetly(cluster, files, args.upstream, tools, applications, ground)
    if (typeof planned !== 'string') {
      const notes = runner.note === null ? [] : [runner.note]
      const plan: LabPlan = { ...planned, notes: [...notes, ...planned.notes] }
      checkShown(scenarios, (one) => hiddenByAddresses(one, size, plan))
      return { plan, host: ground.host }
    }
    throw new ToolError(`${file} cannot be brought up here: ${planned}`, {
      help: 'change the spec, or name another program with its option',
    })
  }
  return { planIn, runner }
}

/** Says what would be started and asked; no folder is made. */
const dryRun = async (
  loaded: readonly Loaded[],
  args: Args,
  { wanted, size }: { readonly wanted: readonly Scenario[]; readonly size: Size },
  context: Context,
): Promise<Outcome> => {
  const plans: LabPlanned[] = []
  for (const one of loaded) {
    const { planIn } = await planner(one, args, { scenarios: wanted, size }, context)
    const { plan } = await planIn('/')
    plans.push(labPlanned(one.file, plan, one.objections, wanted, size))
  }
  const exitCode = exitCodes.done
  const stdout =
    args.format === 'json'
      ? formatJson('lab', exitCode, { plans })
      : plans.map(formatLabPlan).join('\n')
  return { exitCode, stdout, stderr: '' }
}

/** Brings the cluster of a spec up, does with it what is asked, and takes it down. */
const inLab = async (
  loaded: Loaded,
  args: Args,
  { scenarios, size, progress }: Wish,
  context: Context,
): Promise<LabTrial> => {
  const { file, objections } = loaded
  const world = await context.lab()
  const { planIn, runner } = await progress.during('looking for programs', () =>
    planner(loaded, args, { scenarios, size }, context),
  )
  return world.within(runner.account, async (stage) => {
    const { plan, host } = await planIn(stage.folder)
    return withCluster(plan, host, stage, world, progress, async (running) => {
      const wanted = { scenarios, size, keep: args.keep }
      const seen = await runTrial(file, wanted, running, context, progress)
      const trial = { ...seen, notes: [...objections, ...seen.notes] }
      if (args.keep) {
        const urls = plan.upstream.servers.flatMap(({ name, address }) =>
          address.kind === 'inet' ? [`  ${name}: http://${address.host}:${address.port}/`] : [],
        )
        const style = styleFor(context.colour.stderr)
        world.screen.write(
          `${scenarios.length === 0 ? '' : formatTrial(trial, style)}open ${plan.entrance.url}\n${urls.join('\n')}\nCtrl-C ends it\n`,
        )
        for (;;) await world.clock.wait(3_600_000)
      }
      return trial
    })
  })
}

/** What is wrong in itself is refused; what is unwise is shown. */
const understoodFor = async (
  named: SpecFile,
  context: Context,
): Promise<Loaded | { readonly refusals: readonly LocatedDiagnostic[] }> => {
  const resolved = await loadSpec(named.file, context)
  const complete = await addReadableFiles(resolved, named, context)
  const errors = shownDiagnostics(complete).filter(({ severity }) => severity === 'error')
  const { cluster, files } = complete
  if (cluster === null || hasErrors(resolved.diagnostics)) return { refusals: errors }
  return {
    file: named.file,
    cluster,
    files,
    objections: errors.map(({ message }) => `not for use: ${message}`),
  }
}

/** @throws UsageError for a name that no upstream has. */
const checkUpstream = (wanted: string | null, { file, cluster }: Loaded): void => {
  const names = cluster.upstreams.map(({ name }) => name)
  if (wanted === null || names.includes(wanted)) return
  throw new UsageError(`${file} has no upstream ${wanted}`, { help: didYouMean(wanted, names) })
}

export const runLab = async (args: Args, context: Context, words: Words): Promise<Outcome> => {
  if (args.list) return listScenarios(args)
  textOrJson(args)
  const wanted = chosenScenarios(args)
  const size = sizeOf(args)
  const named = namedSpecs(args.file, words.operands)
  const files = named.length > 0 ? named : [await specFile(null, [], context)]
  if (args.keep && files.length > 1)
    throw new UsageError('--keep leaves one cluster running, and these are several', {
      help: 'name one spec, or leave --keep out',
    })
  const output = await outputPath(args.output, context)
  const loaded: Loaded[] = []
  for (const file of files) {
    const found = await understoodFor({ file, allowOutside: args.allowOutside }, context)
    if ('refusals' in found) return refused(found.refusals, args, context)
    const count = found.cluster.upstreams.reduce((sum, { servers }) => sum + servers.length, 0)
    if (count > mostServers)
      throw new ToolError(`${file} has ${count} servers, and each is a process`, {
        help: `leave some out: a lab has ${mostServers} at most`,
      })
    checkUpstream(args.upstream, found)
    loaded.push(found)
  }
  if (args.dryRun) return dryRun(loaded, args, { wanted, size }, context)
  const trials = await withProgress(args.quiet, context, async (progress) => {
    const seen: LabTrial[] = []
    for (const one of loaded) {
      if (loaded.length > 1) progress.say(`${one.file}:`)
      seen.push(await inLab(one, args, { scenarios: wanted, size, progress }, context))
    }
    return seen
  })
  return outcomeOf(trials, args, output, context)
}
