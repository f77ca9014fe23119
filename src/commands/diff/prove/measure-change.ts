import type { Context } from '../../../context.ts'
import type { LabPlan } from '../../../core/lab/plan.ts'
import type { Compilation } from '../../../core/pipeline.ts'
import { type Homes, type Measured, measured } from '../../../core/prove/measure.ts'
import { directly, type Groups, modelClients, throughCdn } from '../../../core/prove/population.ts'
import { foreignPorts, portsOf } from '../../../core/prove/ports.ts'
import type { UpstreamProof } from '../../../core/prove/proof.ts'
import { portOf, type Steps, stepsBetween } from '../../../core/prove/steps.ts'
import { impactFor, pairsIn, type UpstreamPair } from '../../../core/review/index.ts'
import type { ProxyImpact, ProxyName, UpstreamImpact } from '../../../core/review/review.ts'
import type { Pair, ReviewSide } from '../../../core/review/side.ts'
import { keepingOf, keepsStore } from '../../../core/session-keeping.ts'
import { ToolError } from '../../../errors.ts'
import type { LabWorkplace, LabWorld } from '../../../ports/lab.ts'
import type { RunningCluster } from '../../lab/cluster.ts'
import { applyChange } from './apply.ts'
import { drive, type Followed, followed, hasManyAddresses, isFollowed } from './traffic.ts'

/** The cluster of the old spec, which runs, and what it becomes. */
interface Trial {
  readonly proxy: ProxyName
  /** What the review says. */
  readonly impact: readonly UpstreamImpact[]
  readonly plans: Pair<LabPlan>
  readonly running: RunningCluster
  readonly workplace: LabWorkplace
  readonly world: LabWorld
  readonly showDetail: (text: string) => void
}

const sideOf = ({ spec }: Compilation, { cluster, artifacts }: LabPlan): ReviewSide => {
  if (spec === null) throw new ToolError('a spec with errors cannot be run')
  return { spec, cluster, artifacts }
}

/** Where the servers of an upstream run, by the names in their responses: a kept one has its old name. */
const homesOf = ({ before, after }: UpstreamPair, { kept }: Steps): Pair<Homes> => {
  const old = portsOf(before)
  const names = new Map(old.map(([name, port]) => [port, name]))
  const now = portsOf(after).map(
    ([name, port]) => [kept.has(port) ? (names.get(port) ?? name) : name, port] as const,
  )
  const home = (places: ReadonlyMap<string, number>) => (name: string) =>
    String(places.get(name) ?? name)
  return { before: home(new Map(old)), after: home(new Map(now)) }
}

/** Why the loss of sessions is not measured; null: it is. */
const unmeasuredLoss = ({ before, after }: UpstreamPair, plans: Pair<LabPlan>): string | null => {
  if (keepingOf(before) === 'none') return 'its application has no sessions'
  const ports = new Set([...portsOf(before), ...portsOf(after)].map(([, port]) => port))
  const isStandIn = [...plans.before.servers, ...plans.after.servers].some(
    (server) => server.isStandIn && ports.has(portOf(server)),
  )
  return isStandIn && !keepsStore(before, after)
    ? 'the built-in session server has no session store that could change'
    : null
}

const proxyIn = (impact: readonly UpstreamImpact[], name: string, proxy: ProxyName) =>
  impact
    .find((upstream) => upstream.name === name)
    ?.proxies.find((each: ProxyImpact) => each.proxy === proxy) ?? null

const nothing: Measured = { moved: null, lost: null }

/** Applies the change to the running cluster while clients send requests, and compares. */
export const measureChange = async (
  trial: Trial,
  compilations: Pair<Compilation>,
  groups: Groups,
  context: Context,
): Promise<readonly UpstreamProof[]> => {
  const { proxy, impact, plans, running, workplace, world, showDetail } = trial
  const sides = {
    before: sideOf(compilations.before, plans.before),
    after: sideOf(compilations.after, plans.after),
  }
  const hasMany = hasManyAddresses(plans.before)
  const predictedFor = (numbers: readonly number[], busy: number): readonly UpstreamImpact[] =>
    impactFor(sides, (shape) => ({
      clients: modelClients(numbers, shape === 'cdn' ? throughCdn : directly, hasMany),
      busy,
    }))
  const predicted = {
    moved: predictedFor([...groups.busy, ...groups.waiting], groups.busy.length),
    // The first to send a request after the change.
    lost: predictedFor(groups.busy, 0),
  }
  const pairs = pairsIn({ before: sides.before.cluster, after: sides.after.cluster })
  const servers = stepsBetween(plans.before.servers, plans.after.servers, foreignPorts(pairs))
  const all = pairs.map((pair) => followed(pair, plans))
  const driven = all.filter(isFollowed)
  const runs = await drive(driven, groups, context, (rounds) =>
    applyChange({ running, after: plans.after, servers, workplace, world, rounds, showDetail }),
  )
  const measuredIn = ({ pair }: Followed): Measured => {
    const run = runs[driven.findIndex((each) => each.pair === pair)]
    return run === undefined ? nothing : measured(run, groups, homesOf(pair, servers))
  }
  return all.map((each): UpstreamProof => {
    const { name } = each.pair.after
    const found = measuredIn(each)
    const noLoss = unmeasuredLoss(each.pair, plans)
    const review = proxyIn(impact, name, proxy)
    const figure = (what: 'moved' | 'lost', share: number | null) => ({
      review: review?.[what] ?? null,
      predicted: proxyIn(predicted[what], name, proxy)?.[what] ?? 0,
      measured: share,
    })
    return {
      name,
      proxy,
      clients: each.reason === null ? groups.busy.length + groups.waiting.length : 0,
      moved: figure('moved', found.moved),
      lost: figure('lost', noLoss === null ? found.lost : null),
      reason: each.reason ?? noLoss,
    }
  })
}
