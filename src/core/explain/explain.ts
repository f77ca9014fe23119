import { atKey, type SpecPath } from '../diagnostics/diagnostic.ts'
import { type LocatedDiagnostic, type Location, locate } from '../diagnostics/located.ts'
import type { Choice } from '../dialects/choice.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import { type Compilation, shownDiagnostics } from '../pipeline.ts'
import { wantedDialects } from '../render/render.ts'
import { meaningAt } from '../spec/known-keys.ts'
import { valueAt } from '../spec/value-at.ts'
import {
  type Alternative,
  alternativesOf,
  costsOfTargets,
  type TargetCosts,
} from './alternatives.ts'

export interface ExplainedUpstream {
  readonly name: string
  readonly location: Location
  /** One for each dialect that writes something for the upstream. */
  readonly choices: readonly Choice[]
  /** null: the path is not about the costs, or about the costs of too many upstreams. */
  readonly costs: readonly TargetCosts[] | null
  readonly better: readonly Alternative[]
}

/** A part of a spec, explained. */
export interface Explanation {
  /** Dotted; null: the whole spec. */
  readonly path: string | null
  /** What the field means; null: it has no description. */
  readonly meaning: string | null
  /** Where it is written; null: it is not written. */
  readonly location: Location | null
  readonly upstreams: readonly ExplainedUpstream[]
  /** What the rules and the dialects report about this part. */
  readonly notes: readonly LocatedDiagnostic[]
}

type Chooses = (dialect: Dialect) => boolean

const proxies: ReadonlySet<string> = new Set(['nginx', 'haproxy', 'httpd'])
const isProxy: Chooses = ({ name }) => proxies.has(name)

/** The part of an upstream that a dialect chooses a form for. */
const chosenFor: Readonly<Record<string, Chooses>> = {
  affinity: isProxy,
  balance: isProxy,
  app: (dialect) => !isProxy(dialect),
}

/** With more upstreams, only the forms are printed: the costs of one take up to a second. */
const mostWithCosts = 10

/** The upstreams and the dialects whose choices a path is about; null: it is about none. */
const scopeOf = (
  [first, name, field]: SpecPath,
  { upstreams }: Cluster,
): { readonly upstreams: readonly Upstream[]; readonly chooses: Chooses } | null => {
  if (first === undefined || (first === 'upstreams' && name === undefined))
    return { upstreams, chooses: () => true }
  if (first === 'targets') return { upstreams, chooses: (dialect) => dialect.name === name }
  if (first !== 'upstreams') return null
  const chooses = field === undefined ? () => true : chosenFor[field]
  if (chooses === undefined) return null
  return { upstreams: upstreams.filter((each) => each.name === name), chooses }
}

/** The choices of all dialects that write something for an upstream. */
export const choicesFor = (
  cluster: Cluster,
  upstream: Upstream,
  chooses: Chooses = () => true,
): readonly Choice[] =>
  wantedDialects(cluster, null)
    .filter(chooses)
    .flatMap((dialect) => dialect.choose(cluster, upstream) ?? [])

/** Where a path is written in the spec. */
const locationOf = (path: SpecPath, { source }: Compilation): Location => {
  const place = { code: '', severity: 'info', message: '', help: null, at: atKey(path) } as const
  const [located] = locate([place], source)
  if (located === undefined) throw new TypeError(`${path.join('.')} has no location`)
  return located.location
}

/** Names in a path may be secrets only below the keys of secrets, where `location` has none either. */
const isAt = (path: SpecPath, { location }: LocatedDiagnostic): boolean => {
  const start = path.join('.')
  return start === '' || location.path === start || location.path?.startsWith(`${start}.`) === true
}

/**
 * Explains a part of a spec.
 * @param cluster the resolved spec; the compilation has none if a file of the spec is missing.
 */
export const explain = (
  path: SpecPath,
  compilation: Compilation,
  cluster: Cluster,
): Explanation => {
  const { written } = compilation
  const scope = scopeOf(path, cluster)
  const isSmall = scope !== null && scope.upstreams.length <= mostWithCosts
  const upstreams = (scope?.upstreams ?? []).map((upstream) => {
    const costs = isSmall && path[0] !== 'targets' ? costsOfTargets(cluster, upstream) : null
    return {
      name: upstream.name,
      location: locationOf(upstream.path, compilation),
      choices: choicesFor(cluster, upstream, scope?.chooses),
      costs,
      better: isSmall ? alternativesOf(compilation, cluster, upstream, costs ?? []) : [],
    }
  })
  return {
    path: path.length === 0 ? null : path.join('.'),
    meaning: path.length === 0 ? null : meaningAt(path, written),
    location:
      path.length === 0 || valueAt(written, path) === undefined
        ? null
        : locationOf(path, compilation),
    upstreams,
    notes: shownDiagnostics(compilation).filter((each) => isAt(path, each)),
  }
}
