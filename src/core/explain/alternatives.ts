import { hasErrors, type SpecPath } from '../diagnostics/diagnostic.ts'
import { formOf } from '../dialects/choice.ts'
import { dialects } from '../dialects/index.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Target } from '../model/target.ts'
import { atLeast } from '../model/version.ts'
import { insideOnly } from '../outside.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../pipeline.ts'
import { flowLine } from '../spec/flow.ts'
import { type Costs, costsOf } from './costs.ts'
import { type Measure, measures } from './measures.ts'

/** A figure that a change of the spec improves, for one target. */
export interface Gain {
  readonly target: string
  readonly measure: Measure
  readonly before: number
  readonly after: number
}

/** A change of the spec that makes figures better, and none as much worse. */
export interface Alternative {
  /** The part of the spec that has the key. */
  readonly path: SpecPath
  readonly key: string
  /** The key and its value, in one line. */
  readonly line: string
  /** The largest first. */
  readonly gains: readonly Gain[]
}

interface Proposal {
  readonly path: SpecPath
  readonly key: string
  readonly value: unknown
  /** What must be replaced in the value. */
  readonly comment?: string
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

/** Of documentation (RFC 5737): to be replaced by the networks of the CDN. */
const networksOfCdn = ['198.51.100.0/24']

/** A release with the built-in `sticky`. */
const newNginx = '1.30.6'

const isOlderNginx = (target: Target): boolean =>
  target.dialect === 'nginx' && target.flavor === 'nginx' && !atLeast(target.version, '1.29.6')

const affinities = ({ affinity, app }: Upstream): readonly unknown[] => [
  ...(affinity.method === 'hash' && !affinity.consistent
    ? [{ method: 'hash', key: affinity.key, consistent: true }]
    : []),
  ...(app.runtime === 'tomcat' && affinity.method !== 'jvm_route' ? [{ method: 'jvm_route' }] : []),
  ...(affinity.method === 'sticky' && affinity.by === 'cookie'
    ? []
    : [{ method: 'sticky', by: 'cookie', cookie: 'srv_id' }]),
]

/** Tomcats can copy sessions to each other without another program. */
const stores = ({ app }: Upstream): readonly unknown[] =>
  app.runtime === 'tomcat' && app.sessions.store === 'local' ? [{ store: 'backup' }] : []

const proposalsFor = (cluster: Cluster, upstream: Upstream): readonly Proposal[] => {
  const frontends = cluster.frontends.filter(
    ({ clientAddress, proxyProtocol, locations }) =>
      clientAddress === null &&
      proxyProtocol === null &&
      locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
  )
  return [
    ...affinities(upstream).map((value) => ({ path: upstream.path, key: 'affinity', value })),
    ...stores(upstream).map((value) => ({
      path: [...upstream.path, 'app'],
      key: 'sessions',
      value,
    })),
    // With several frontends, one line would not be enough.
    ...(frontends.length === 1 ? frontends : []).map(({ path }) => ({
      path,
      key: 'clientAddress',
      value: { trust: networksOfCdn, header: 'X-Forwarded-For' },
      comment: 'the networks of the CDN',
    })),
    ...cluster.targets.filter(isOlderNginx).map(({ path }) => ({
      path,
      key: 'version',
      value: newNginx,
    })),
  ]
}

/** A copy of the data with another value; null: there is no map at the path. */
const withValue = (data: unknown, path: SpecPath, key: string, value: unknown): unknown => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
  const [first, ...rest] = path
  if (first === undefined) return { ...data, [key]: value }
  const below = withValue(Reflect.get(data, first), rest, key, value)
  return below === null ? null : { ...data, [first]: below }
}

/** The spec with a proposal; null: it cannot be generated. */
const proposed = ({ written, installed }: Compilation, proposal: Proposal): Cluster | null => {
  const data = withValue(written, proposal.path, proposal.key, proposal.value)
  if (data === null) return null
  const resolved = resolveSpec(readSpec('proposal', JSON.stringify(data)), installed)
  const { cluster, diagnostics } = compile(resolved, insideOnly(new Map()), null)
  return hasErrors(diagnostics) ? null : cluster
}

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

/**
 * The proposals that make something better, the best first.
 * @param current what the upstream costs now.
 */
export const alternativesOf = (
  compilation: Compilation,
  cluster: Cluster,
  upstream: Upstream,
  current: readonly TargetCosts[],
): readonly Alternative[] =>
  (current.length === 0 ? [] : proposalsFor(cluster, upstream))
    .flatMap((proposal) => {
      const other = proposed(compilation, proposal)
      const same = other?.upstreams.find(({ name }) => name === upstream.name)
      if (other === null || same === undefined) return []
      const all = differences(current, costsOfTargets(other, same))
      const gains = all
        .filter((gain) => gained(gain) >= least)
        .sort((one, two) => gained(two) - gained(one))
      const isWorse = all.some((gain) => -gained(gain) >= least)
      if (gains.length === 0 || isWorse) return []
      const { path, key, value, comment } = proposal
      const line = flowLine(key, value)
      return [{ path, key, line: comment === undefined ? line : `${line} # ${comment}`, gains }]
    })
    .sort((one, two) => sumOf(two.gains) - sumOf(one.gains))
    .slice(0, mostShown)

const sumOf = (gains: readonly Gain[]): number => gains.reduce((sum, gain) => sum + gained(gain), 0)
