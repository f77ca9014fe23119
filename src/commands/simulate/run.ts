import type { Context } from '../../context.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import type { Target } from '../../core/model/target.ts'
import { applied, problemOf } from '../../core/simulate/story/apply.ts'
import { type EventProblem, parseEvent, type StoryEvent } from '../../core/simulate/story/event.ts'
import { type Story, tell, usualEvents } from '../../core/simulate/story/tell.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import { simulationPage } from '../../report/simulate/page.ts'
import { formatSimulation } from '../../report/simulate/text.ts'
import { styleFor } from '../../report/style.ts'
import { version } from '../../version.ts'
import type { ArgsOf, Run } from '../define.ts'
import { addReadableFiles, loadSpec, specError } from '../load.ts'
import type { simulateOptions } from '../simulate.ts'
import { specFile } from '../spec-file.ts'
import { numberOf } from '../traffic/options.ts'
import { reportPath } from '../traffic/report.ts'
import { populationOf } from './population.ts'

type Args = ArgsOf<typeof simulateOptions>

const mostSeed = 999_999_999

const usedUpstream = ({ frontends, upstreams }: Cluster): Upstream | undefined => {
  for (const { locations } of frontends)
    for (const { action } of locations) if (action.kind === 'proxy') return action.upstream
  return upstreams[0]
}

const upstreamOf = (cluster: Cluster, name: string | null): Upstream => {
  const { upstreams } = cluster
  const found = name === null ? usedUpstream(cluster) : upstreams.find((each) => each.name === name)
  if (found !== undefined) return found
  if (name === null)
    throw new UsageError('the spec has no upstream', { help: 'add one below `upstreams`' })
  throw new UsageError(`the spec has no upstream "${name}"`, {
    help: didYouMean(
      name,
      upstreams.map((each) => each.name),
    ),
  })
}

const targetsOf = ({ targets }: Cluster, name: string): readonly Target[] => {
  if (name === 'all' && targets.length > 0) return targets
  const found = name === 'first' ? targets[0] : targets.find(({ dialect }) => dialect === name)
  if (found !== undefined) return [found]
  throw new UsageError(
    name === 'first' || name === 'all'
      ? 'the spec has no proxy among its targets'
      : `the spec has no target ${name}`,
    { help: 'add nginx, haproxy or httpd below `targets`' },
  )
}

const isProblem = (event: StoryEvent | EventProblem): event is EventProblem => 'problem' in event

const refusal = ({ problem, help }: EventProblem): UsageError =>
  new UsageError(`--event: ${problem}`, { help })

const eventOf = (text: string, upstream: Upstream): StoryEvent => {
  const event = parseEvent(text)
  if (isProblem(event)) throw refusal(event)
  const problem = problemOf(upstream, event)
  if (problem !== null) throw refusal(problem)
  return event
}

/** Events in their order: each is checked against the servers that those before it leave. */
const eventsOf = (
  texts: readonly string[],
  cluster: Cluster,
  upstream: Upstream,
): readonly StoryEvent[] => {
  if (texts.length === 0) return usualEvents(upstream)
  let now = { cluster, upstream }
  return texts.map((text) => {
    const event = eventOf(text, now.upstream)
    now = applied(now.cluster, now.upstream, event)
    return event
  })
}

const resolvedCluster = async (args: Args, file: string, context: Context): Promise<Cluster> => {
  const resolved = await loadSpec(file, context)
  if (resolved.cluster === null) throw specError(file, resolved)
  const spec = { file, allowOutside: args.allowOutside }
  return (await addReadableFiles(resolved, spec, context)).cluster ?? resolved.cluster
}

export const runSimulate: Run<typeof simulateOptions> = async (args, context, { operands }) => {
  const seed = numberOf('--seed', args.seed, mostSeed)
  const path = await reportPath({ ...args, dryRun: false }, context)
  const file = await specFile(args.file, operands, context)
  const cluster = await resolvedCluster(args, file, context)
  const upstream = upstreamOf(cluster, args.upstream)
  const targets = targetsOf(cluster, args.target)
  const events = eventsOf(args.event, cluster, upstream)
  const { clients, origin } = await populationOf(args, seed, context)
  const stories = targets.flatMap((target): readonly Story[] => {
    const story = tell(cluster, upstream, target, clients, events, seed)
    return story === null ? [] : [story]
  })
  if (stories.length === 0)
    throw new UsageError(`no target can have the affinity of upstream "${upstream.name}"`, {
      help: 'sessctl validate shows why',
    })
  const simulation = { spec: file, upstream: upstream.name, population: origin, seed, stories }
  const about = { version, commandLine: context.commandLine }
  const page = args.format === 'html' || path !== null ? simulationPage(about, simulation) : ''
  if (path !== null) await context.files.write(path, page)
  const stdout =
    args.format === 'json'
      ? formatJson('simulate', exitCodes.done, { simulation })
      : args.format === 'html'
        ? page
        : formatSimulation(simulation, styleFor(context.colour.stdout))
  return { exitCode: exitCodes.done, stdout, stderr: '' }
}
