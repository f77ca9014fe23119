import { atKey, atValue, type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import { checkProblems } from './check.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { fieldNotes } from './field-notes.ts'
import { choose } from './forms/choose.ts'
import type { Part } from './forms/form.ts'
import { hashProblems } from './hash-problems.ts'
import { createNames, type Names } from './names.ts'
import { nextUpstreamProblems } from './next-upstream.ts'
import { isWholeSeconds } from './units.ts'
import { variableProblems } from './variables.ts'
import { zoneOf, zoneProblems } from './zone.ts'

export interface Parts {
  /** Without those that an error stands in the way of. */
  readonly byUpstream: ReadonlyMap<Upstream, Part>
  readonly names: Names
  readonly diagnostics: readonly Diagnostic[]
}

const serverProblems = ({ servers }: Upstream): Diagnostic[] =>
  servers
    .filter(({ failTimeoutMs }) => failTimeoutMs !== null && !isWholeSeconds(failTimeoutMs))
    .map(({ path }) =>
      report(
        'nginx-duration',
        atValue([...path, 'failTimeout']),
        'nginx counts the time of failures in whole seconds',
        'such as 10s',
      ),
    )

const stickyVariables = (affinity: Affinity): readonly (readonly [string, string])[] => {
  if (affinity.method !== 'sticky' || affinity.by === 'cookie') return []
  if (affinity.by === 'route') return affinity.from.map((variable) => ['from', variable])
  return [
    ...affinity.create.map((variable) => ['create', variable] as const),
    ...affinity.lookup.map((variable) => ['lookup', variable] as const),
  ]
}

const wordProblems = ({ affinity }: Upstream, isWhole: boolean): Diagnostic[] =>
  stickyVariables(affinity).flatMap(([key, variable]) =>
    variableProblems(variable, [...affinity.path, key], isWhole),
  )

const methodProblems = ({ balance, path }: Upstream, features: Features): Diagnostic[] =>
  balance.kind === 'random' && !atLeast(features.core, '1.15.1')
    ? [
        report(
          'nginx-balance',
          atValue([...path, 'balance']),
          `${features.label} cannot balance at random`,
          'nginx 1.15.1 can; least_conn is the nearest',
        ),
      ]
    : []

/** nginx compares the names of upstreams without regard to case. */
const nameProblems = (upstreams: readonly Upstream[]): Diagnostic[] => {
  const seen = new Map<string, Upstream>()
  return upstreams.flatMap((upstream) => {
    const lower = upstream.name.toLowerCase()
    const same = seen.get(lower)
    seen.set(lower, upstream)
    if (!same) return []
    return [
      report(
        'nginx-upstream-name',
        atKey(upstream.path),
        `nginx takes the upstreams "${same.name}" and "${upstream.name}" for one: their names differ in case only`,
        'rename one of them',
      ),
    ]
  })
}

/** Upstreams whose status some location shows. */
const shown = (cluster: Cluster): ReadonlySet<Upstream> =>
  new Set(
    cluster.frontends.flatMap(({ locations }) =>
      locations.flatMap(({ action }) => (action.kind === 'status' ? [action.upstream] : [])),
    ),
  )

/** What each upstream becomes, and all that is to be said of it. */
export const partsOf = (cluster: Cluster, target: NginxTarget, features: Features): Parts => {
  const names = createNames(cluster.upstreams.map(({ name }) => name))
  const withStatus = shown(cluster)
  // Lists, for a call cannot have the problems of 100,000 servers as its arguments.
  const found: (readonly Diagnostic[])[] = [nameProblems(cluster.upstreams)]
  const byUpstream = new Map<Upstream, Part>()
  for (const upstream of cluster.upstreams) {
    const choice = choose(upstream, features)
    found.push(
      choice.diagnostics,
      zoneProblems(upstream),
      methodProblems(upstream, features),
      hashProblems(upstream, features, target.standalone),
      wordProblems(upstream, target.standalone),
      serverProblems(upstream),
      nextUpstreamProblems(upstream, features),
    )
    if (hasErrors(choice.diagnostics)) continue
    const zone = zoneOf(upstream, features, choice.form, withStatus.has(upstream))
    const part = choice.form.write({ upstream, features, names, zone: zone.size })
    byUpstream.set(upstream, part)
    found.push(
      zone.diagnostics,
      part.warnings,
      checkProblems(upstream, features, part),
      fieldNotes(upstream, features, choice.form, part),
    )
  }
  return { byUpstream, names, diagnostics: found.flat() }
}
