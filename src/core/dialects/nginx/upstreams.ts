import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { notFollowed } from '../../fields.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import { noteRoutes } from './affinity/capabilities.ts'
import { chooseImplementation } from './affinity/choose.ts'
import type { Implementation, UpstreamConfiguration } from './affinity/implementation.ts'
import { report } from './codes.ts'
import { isWholeSeconds } from './durations.ts'
import type { Features } from './features.ts'
import { checkHealthChecks } from './health-checks.ts'
import type { Names } from './names.ts'
import { checkNextUpstream } from './next-upstream.ts'
import { checkLength } from './quote.ts'
import { checkResolver, withResolver } from './resolver.ts'
import { checkProtocol } from './server-protocols.ts'
import { checkVariables } from './variables.ts'
import { checkZone, zoneOf } from './zone.ts'

/** nginx compares the names of upstreams without regard to case. */
const checkNames = (upstreams: readonly Upstream[], findings: Findings): void => {
  const seen = new Map<string, Upstream>()
  for (const upstream of upstreams) {
    const lower = upstream.name.toLowerCase()
    const same = seen.get(lower)
    seen.set(lower, upstream)
    if (same === undefined) continue
    report(
      findings,
      'nginx-upstream-name',
      atKey(upstream.path),
      `the names of the upstreams "${same.name}" and "${upstream.name}" differ in case only: nginx treats them as one`,
      'rename one of them',
    )
  }
}

/** A key of only these variables can be empty; before 1.17.1 the empty key has one fixed server. */
const canBeEmpty = /^(?:\$\{?(?:arg|cookie|http)_\w+\}?)+$/i

const checkHashKey = (
  key: string,
  path: SpecPath,
  features: Features,
  findings: Findings,
): void => {
  checkLength(key, path, findings)
  if (atLeast(features.base, '1.17.1') || !canBeEmpty.test(key)) return
  report(
    findings,
    'nginx-hash-empty',
    atValue(path),
    `if "${key}" is empty, ${features.label} sends all such requests to the same server`,
    'use nginx 1.17.1, which balances them, or add a variable that is never empty, such as $remote_addr',
  )
}

/** The variables of an affinity by their keys in the spec. */
const stickyVariables = (affinity: Affinity): readonly (readonly [string, string])[] => {
  if (affinity.method !== 'sticky' || affinity.by === 'cookie') return []
  if (affinity.by === 'route') return affinity.from.map((variable) => ['from', variable])
  return [
    ...affinity.create.map((variable) => ['create', variable] as const),
    ...affinity.lookup.map((variable) => ['lookup', variable] as const),
  ]
}

/** Checks the variables of the affinity and the method. @param defined those of existing files. */
export const checkUpstreamVariables = (
  { affinity, balance, path }: Upstream,
  isWhole: boolean,
  defined: ReadonlySet<string>,
  findings: Findings,
): void => {
  const check = (text: string, at: SpecPath): void =>
    checkVariables(text, at, isWhole, defined, findings)
  if (affinity.method === 'hash') check(affinity.key, [...affinity.path, 'key'])
  if (balance.kind === 'hash') check(balance.key, [...path, 'balance', 'hash'])
  for (const [key, variable] of stickyVariables(affinity)) check(variable, [...affinity.path, key])
}

/** Checks that do not depend on the implementation of the affinity. */
const checkUpstream = (upstream: Upstream, features: Features, findings: Findings): void => {
  const { affinity, balance, path, servers } = upstream
  checkZone(upstream, findings)
  if (balance.kind === 'random' && !atLeast(features.base, '1.15.1')) {
    report(
      findings,
      'nginx-balance',
      atValue([...path, 'balance']),
      `${features.label} does not support the balancing method "random"`,
      'use nginx 1.15.1 or later, or least_conn',
    )
  }
  if (affinity.method === 'hash')
    checkHashKey(affinity.key, [...affinity.path, 'key'], features, findings)
  if (balance.kind === 'hash')
    checkHashKey(balance.key, [...path, 'balance', 'hash'], features, findings)
  for (const { failTimeoutMs, path: serverPath } of servers) {
    if (failTimeoutMs === null || isWholeSeconds(failTimeoutMs)) continue
    report(
      findings,
      'nginx-duration',
      atValue([...serverPath, 'failTimeout']),
      '"failTimeout" is a whole number of seconds in nginx',
      'write whole seconds, such as 10s',
    )
  }
  checkNextUpstream(upstream, features, findings)
  checkProtocol(upstream, features.label, findings)
}

/** Reports options of an affinity cookie that the implementation neither supports nor refuses. */
const noteCookie = (
  affinity: Affinity,
  { label }: Features,
  { title }: Implementation,
  { hideCookieOf }: UpstreamConfiguration,
  findings: Findings,
): void => {
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return
  const { indirect, nocache, path } = affinity
  const isHidden = hideCookieOf !== null
  if (indirect !== isHidden) {
    const receives = isHidden ? 'does not receive' : 'receives'
    const reason = `the application ${receives} the cookie of ${title}`
    notFollowed(findings, [...path, 'indirect'], label, reason)
  }
  if (nocache) {
    const reason = `${title} sets no Cache-Control header`
    notFollowed(findings, [...path, 'nocache'], label, reason)
  }
}

/** The configurations of the upstreams, without those that have an error. */
export const configureUpstreams = (
  cluster: Cluster,
  target: NginxTarget,
  features: Features,
  names: Names,
  findings: Findings,
): ReadonlyMap<Upstream, UpstreamConfiguration> => {
  const { frontends, upstreams } = cluster
  const withStatus = new Set(
    frontends.flatMap(({ locations }) =>
      locations.flatMap(({ action }) => (action.kind === 'status' ? [action.upstream] : [])),
    ),
  )
  const configurations = new Map<Upstream, UpstreamConfiguration>()
  checkNames(upstreams, findings)
  checkResolver(cluster, target, features, findings)
  for (const upstream of upstreams) {
    const implementation = chooseImplementation(upstream, features, findings)
    checkUpstream(upstream, features, findings)
    // Those of an existing file are checked with it.
    if (target.base === null)
      checkUpstreamVariables(upstream, target.standalone, new Set(), findings)
    if (implementation === null) continue
    const supportsZone = implementation.capabilities.zone
    const hasStatus = withStatus.has(upstream)
    // An existing block has the zone that it needs; nginx refuses "resolve" without one.
    const zone =
      target.base === null || upstream.servers.some(({ resolves }) => resolves)
        ? zoneOf(upstream, features, supportsZone, hasStatus, findings)
        : upstream.zone
    const configuration = implementation.configure({ upstream, features, names, zone }, findings)
    configurations.set(upstream, withResolver(configuration, upstream, target))
    checkHealthChecks(upstream, features, configuration, findings)
    noteCookie(upstream.affinity, features, implementation, configuration, findings)
    noteRoutes(upstream, features, implementation, findings)
  }
  return configurations
}
