import type { Diagnostic, SpecPath } from '../diagnostics/diagnostic.ts'
import { formOf } from '../dialects/choice.ts'
import type { DialectName } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Target } from '../model/target.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../pipeline.ts'
import { wantedDialects } from '../render/render.ts'
import { type Costs, costsOf } from './costs.ts'
import { type Measure, measures } from './measures.ts'
import { cheaper, lineOf, type Proposal, possible, withProposal } from './proposals.ts'

/** A figure that a change of the spec improves, for one target. */
export interface Gain {
  readonly target: string
  readonly measure: Measure
  readonly before: number
  readonly after: number
}

/** The form that a change of the spec gives to a target that has none. */
export interface Enabled {
  readonly target: string
  readonly form: string
}

/** A change of the spec that makes an upstream possible, or its figures better and none as much worse. */
export interface Alternative {
  /** The part of the spec that has the key. */
  readonly path: SpecPath
  readonly key: string
  /** The key and its value, or `remove KEY`, in one line. */
  readonly line: string
  /** Empty: every target has a form already. */
  readonly enables: readonly Enabled[]
  /** The largest first. */
  readonly gains: readonly Gain[]
}

/** What the form of one target costs. */
export interface TargetCosts {
  readonly dialect: Target['dialect']
  /** Its name in messages. */
  readonly target: string
  readonly costs: Costs
}

/** Smaller differences are noise of the sample. */
const least = 0.05
const mostShown = 3

/** A larger cluster takes too long to be compiled with each proposal. */
const mostServers = 2000

/** A cluster, and the upstream that is explained. */
interface Proposed {
  readonly cluster: Cluster
  readonly upstream: Upstream
}

const keyOf = ({ code, at }: Diagnostic): string =>
  at.kind === 'spec' ? `${code} ${at.path.join('.')}` : code

const errorsOf = ({ diagnostics }: Compilation): readonly string[] =>
  diagnostics.flatMap((each) => (each.severity === 'error' ? [keyOf(each)] : []))

/** null: the spec would be invalid, or get an error that it does not have. */
const proposed = (
  compilation: Compilation,
  { name }: Upstream,
  proposal: Proposal,
): Proposed | null => {
  const data = withProposal(compilation.written, proposal)
  if (data === null) return null
  const resolved = resolveSpec(readSpec('proposal', JSON.stringify(data)), compilation.installed)
  if (resolved.cluster === null) return null
  const before = new Set(errorsOf(compilation))
  const compiled = compile(resolved, compilation.files, null)
  if (errorsOf(compiled).some((error) => !before.has(error))) return null
  // A cluster whose files are missing is not rendered: its forms do not depend on them.
  const cluster = compiled.insideCluster ?? resolved.cluster
  const upstream = cluster.upstreams.find((each) => each.name === name)
  return upstream === undefined ? null : { cluster, upstream }
}

/** The dialects that have no form for an upstream. */
const refusedIn = ({ cluster, upstream }: Proposed): ReadonlySet<DialectName> =>
  new Set(
    wantedDialects(cluster, null)
      .filter((dialect) => {
        const choice = dialect.choose(cluster, upstream)
        return choice !== null && formOf(choice) === null
      })
      .map(({ name }) => name),
  )

/** What each target that can write the upstream costs. */
export const costsOfTargets = (cluster: Cluster, upstream: Upstream): readonly TargetCosts[] =>
  cluster.targets.flatMap((target) => {
    const { dialect } = target
    const choice = dialects[dialect].choose(cluster, upstream)
    if (choice === null || formOf(choice) === null) return []
    const costs = costsOf(cluster, upstream, target)
    return costs === null ? [] : [{ dialect, target: choice.target, costs }]
  })

const differences = (
  before: readonly TargetCosts[],
  after: readonly TargetCosts[],
): readonly Gain[] =>
  before.flatMap(({ dialect, target, costs }) => {
    const now = after.find((each) => each.dialect === dialect)
    return now === undefined
      ? []
      : measures.map((measure) => ({
          target,
          measure,
          before: measure.of(costs),
          after: measure.of(now.costs),
        }))
  })

const gained = ({ before, after }: Gain): number => before - after

const sumOf = (gains: readonly Gain[]): number => gains.reduce((sum, gain) => sum + gained(gain), 0)

const alternative = (
  proposal: Proposal,
  enables: Alternative['enables'],
  gains: Alternative['gains'],
): Alternative => {
  const { path, key } = proposal
  return { path, key, line: lineOf(proposal), enables, gains }
}

/** The proposals that make figures better, the best first. */
const cheaperOnes = (
  compilation: Compilation,
  { cluster, upstream }: Proposed,
  current: readonly TargetCosts[],
): readonly Alternative[] =>
  (current.length === 0 ? [] : cheaper(cluster, upstream))
    .flatMap((proposal) => {
      const other = proposed(compilation, upstream, proposal)
      if (other === null || refusedIn(other).size > 0) return []
      const all = differences(current, costsOfTargets(other.cluster, other.upstream))
      const gains = all
        .filter((gain) => gained(gain) >= least)
        .sort((one, two) => gained(two) - gained(one))
      const isWorse = all.some((gain) => -gained(gain) >= least)
      return gains.length === 0 || isWorse ? [] : [alternative(proposal, [], gains)]
    })
    .sort((one, two) => sumOf(two.gains) - sumOf(one.gains))

/** Forms of the dialects that were refused, and are no longer; null: not a dialect more is possible. */
const enabledBy = (
  other: Proposed,
  refused: ReadonlySet<DialectName>,
): Alternative['enables'] | null => {
  const still = refusedIn(other)
  if ([...still].some((name) => !refused.has(name))) return null
  const enabled = [...refused].flatMap((name) => {
    const choice = still.has(name) ? null : dialects[name].choose(other.cluster, other.upstream)
    const form = choice === null ? null : formOf(choice)
    return choice === null || form === null ? [] : [{ target: choice.target, form }]
  })
  return enabled.length === 0 ? null : enabled
}

/** The first proposal of each kind that gives a form to a dialect without one. */
const possibleOnes = (
  compilation: Compilation,
  now: Proposed,
  refused: ReadonlySet<DialectName>,
): readonly Alternative[] => {
  const { cluster, upstream } = now
  const first = (kind: readonly Proposal[]): readonly Alternative[] => {
    for (const proposal of kind) {
      const other = proposed(compilation, upstream, proposal)
      const enables = other === null ? null : enabledBy(other, refused)
      if (enables !== null) return [alternative(proposal, enables, [])]
    }
    return []
  }
  const { kinds, lastResort } = possible(cluster, upstream, refused, compilation.diagnostics)
  const found = kinds.flatMap(first)
  return found.length === 0 ? first(lastResort) : found
}

/**
 * Changes of the spec that make an upstream possible where a dialect has no form for it, else those
 * that make its figures better; the best first. Each was compiled.
 * @param current what the upstream costs now.
 */
export const alternativesOf = (
  compilation: Compilation,
  cluster: Cluster,
  upstream: Upstream,
  current: readonly TargetCosts[],
): readonly Alternative[] => {
  const servers = cluster.upstreams.reduce((sum, each) => sum + each.servers.length, 0)
  if (servers > mostServers) return []
  const now = { cluster, upstream }
  const refused = refusedIn(now)
  const all =
    refused.size > 0
      ? possibleOnes(compilation, now, refused)
      : cheaperOnes(compilation, now, current)
  return all.slice(0, mostShown)
}
