import type { Context } from '../../../context.ts'
import { type LabPlan, planWithoutContents } from '../../../core/lab/plan.ts'
import { toolFiles } from '../../../core/lab/tools.ts'
import type { Cluster } from '../../../core/model/cluster.ts'
import type { Compilation } from '../../../core/pipeline.ts'
import { groupsOf } from '../../../core/prove/population.ts'
import type { Proof, UpstreamProof } from '../../../core/prove/proof.ts'
import type { ProxyName, UpstreamImpact } from '../../../core/review/review.ts'
import type { Pair } from '../../../core/review/side.ts'
import { ToolError, UsageError } from '../../../errors.ts'
import type { LabWorkplace } from '../../../ports/lab.ts'
import type { Progress } from '../../../report/progress.ts'
import { withCluster } from '../../lab/cluster.ts'
import { checkSize, environmentFor } from '../../lab/environment.ts'
import type { ProgramArgs } from '../../lab/programs.ts'
import { findTools, readApplications } from '../../lab/tools.ts'
import { about, notesOf } from '../../lab/trial.ts'
import { withProgress } from '../../traffic/progress.ts'
import { measureChange } from './measure-change.ts'

/** A side of the comparison, without errors. */
export interface ProvedSide {
  /** In messages. */
  readonly label: string
  readonly compilation: Compilation
  readonly cluster: Cluster
}

export interface ProveOptions {
  /** The proxies of --target; empty: all of the new spec. */
  readonly targets: readonly string[]
  /** Of each upstream. */
  readonly clients: number
  /** The folder of the jars of session stores; null: none is named. */
  readonly libs: string | null
  readonly isQuiet: boolean
}

const programsFor = (target: ProxyName, libs: string | null, { env }: Context): ProgramArgs => ({
  target,
  nginx: null,
  haproxy: null,
  httpd: null,
  catalinaHome: [],
  springBoot: env['SESSCTL_SPRING_BOOT'] ? [env['SESSCTL_SPRING_BOOT']] : [],
  java: null,
  php: null,
  python: null,
  redis: null,
  memcached: null,
  postgres: null,
  initdb: null,
  libs,
})

/** The programs of the old spec can be named apart: another release of a proxy is another program. */
const asBefore = (context: Context): Context => {
  const { env } = context
  const named = ['SESSCTL_NGINX', 'SESSCTL_HAPROXY', 'SESSCTL_HTTPD'].flatMap((name) => {
    const path = env[`${name}_BEFORE`]
    return path === undefined || path === '' ? [] : [[name, path] as const]
  })
  return { ...context, env: { ...env, ...Object.fromEntries(named) } }
}

/** The proxies that both specs have. @throws UsageError if there is none. */
const proxiesOf = (
  { before, after }: Pair<ProvedSide>,
  targets: readonly string[],
): readonly ProxyName[] => {
  const had = new Set(before.cluster.targets.map(({ dialect }) => dialect))
  const found = after.cluster.targets
    .map(({ dialect }) => dialect)
    .filter((name) => had.has(name) && (targets.length === 0 || targets.includes(name)))
  if (found.length > 0) return found
  throw new UsageError('--prove needs a proxy that both specs have', {
    help: 'add it to `targets` of both, or name another one with --target',
  })
}

/** Finds the programs of both specs; the result plans their labs in one folder. */
const prepare = async (
  sides: Pair<ProvedSide>,
  proxy: ProxyName,
  { libs }: ProveOptions,
  context: Context,
) => {
  const world = await context.lab()
  const args = programsFor(proxy, libs, context)
  const tools = {
    before: await findTools(sides.before.cluster, args, world.node, asBefore(context)),
    after: await findTools(sides.after.cluster, args, world.node, context),
  }
  const applications = await readApplications(world.packageFolder, context)
  const files = [
    ...toolFiles(tools.before, sides.before.cluster),
    ...toolFiles(tools.after, sides.after.cluster),
  ]
  const runner = context.workspace.runner([...new Set(files)], null)
  const planIn = async (folder: string): Promise<Pair<LabPlan>> => {
    const clusters = [sides.before.cluster, sides.after.cluster]
    const environment = await environmentFor(clusters, folder, runner.isRoot, world)
    const planOf = (side: 'before' | 'after'): LabPlan => {
      const { label, cluster, compilation } = sides[side]
      const { files: named } = compilation
      const plan = planWithoutContents(cluster, named, null, tools[side], applications, environment)
      if (typeof plan !== 'string') return plan
      throw new ToolError(`${label} cannot be run in the lab: ${plan}`, {
        help: 'see the documentation of the lab: sessctl lab --help',
      })
    }
    return { before: planOf('before'), after: planOf('after') }
  }
  return { planIn, runner }
}

interface ProxyProof {
  readonly programs: Proof['programs'][number]
  readonly upstreams: readonly UpstreamProof[]
  readonly notes: readonly string[]
}

const proveBehind = async (
  sides: Pair<ProvedSide>,
  proxy: ProxyName,
  impact: readonly UpstreamImpact[],
  options: ProveOptions,
  progress: Progress,
  context: Context,
): Promise<ProxyProof> => {
  const world = await context.lab()
  const { planIn, runner } = await progress.during('looking for programs', () =>
    prepare(sides, proxy, options, context),
  )
  return world.withWorkplace(runner.account, async (workplace: LabWorkplace) => {
    const plans = await planIn(workplace.folder)
    return withCluster(plans.before, workplace, world, progress, async (running) => {
      const notes = [...(runner.note === null ? [] : [runner.note]), ...notesOf(running)]
      const upstreams = await progress.during('applying the change under traffic', (showDetail) =>
        measureChange(
          { proxy, impact, plans, running, workplace, world, showDetail },
          { before: sides.before.compilation, after: sides.after.compilation },
          groupsOf(options.clients),
          context,
        ),
      )
      return {
        programs: { before: about(plans.before), after: about(plans.after) },
        upstreams,
        notes: [...notes, ...plans.after.notes],
      }
    })
  })
}

/**
 * Runs the old spec in the lab, turns it into the new one under traffic, and measures what becomes of the
 * clients of each upstream.
 * @param impact what the review says.
 * @throws ToolError if a program is missing or does not start.
 */
export const prove = async (
  sides: Pair<ProvedSide>,
  impact: readonly UpstreamImpact[],
  options: ProveOptions,
  context: Context,
): Promise<Proof> => {
  for (const { label, cluster } of [sides.before, sides.after]) checkSize(label, cluster)
  const proxies = proxiesOf(sides, options.targets)
  return withProgress(options.isQuiet, await context.lab(), context, async (progress) => {
    const proofs: ProxyProof[] = []
    for (const proxy of proxies)
      proofs.push(await proveBehind(sides, proxy, impact, options, progress, context))
    return {
      programs: proofs.map(({ programs }) => programs),
      upstreams: proofs.flatMap(({ upstreams }) => upstreams),
      notes: [...new Set(proofs.flatMap(({ notes }) => notes))],
    }
  })
}
