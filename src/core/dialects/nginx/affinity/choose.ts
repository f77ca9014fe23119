import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { Findings } from '../../../diagnostics/findings.ts'
import type { Affinity, StickyCookieAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { NginxTarget } from '../../../model/target.ts'
import type { Choice, Considered } from '../../choice.ts'
import { report } from '../codes.ts'
import { type Features, featuresOf } from '../features.ts'
import { checkCapabilities } from './capabilities.ts'
import type { Implementation } from './implementation.ts'
import { jvmRouteModule } from './jvm-route-module.ts'
import { maps } from './maps.ts'
import { ipHash, keyHash, noAffinity } from './methods.ts'
import { routeOfSession, routeOfVariables } from './route-maps.ts'
import { sessionSticky } from './session-sticky.ts'
import { nativeCookie, nativeJvmRoute, nativeLearn, nativeRoute } from './sticky.ts'
import { stickyNg } from './sticky-ng.ts'
import { userid } from './userid.ts'

type Implementations = readonly [Implementation, ...Implementation[]]

/** The implementations of an affinity, in order of preference. */
const implementationsOf = (upstream: Upstream, features: Features): Implementations => {
  const { affinity } = upstream
  if (affinity.method === 'none') return [noAffinity]
  if (affinity.method === 'ip_hash') return [ipHash]
  if (affinity.method === 'hash') return [keyHash(affinity.key, affinity.consistent)]
  if (affinity.method === 'jvm_route') {
    return [
      jvmRouteModule(affinity, features),
      nativeJvmRoute(affinity, features),
      maps(affinity, upstream, features, ({ names }, findings) =>
        routeOfSession(affinity, upstream, names, findings),
      ),
    ]
  }
  if (affinity.by === 'cookie') {
    return [
      nativeCookie(affinity, features),
      sessionSticky(affinity, features),
      stickyNg(affinity, features),
      userid(affinity, features),
    ]
  }
  if (affinity.by === 'learn') return [nativeLearn(affinity, features)]
  return [
    nativeRoute(affinity, features),
    maps(affinity, upstream, features, ({ names }) =>
      routeOfVariables(affinity, upstream.name, names),
    ),
  ]
}

const nameOf = (affinity: Affinity): string =>
  affinity.method === 'sticky' ? `sticky by ${affinity.by}` : affinity.method

const either = (words: readonly string[]): string => [...new Set(words)].join(', or ')

const missingOf = (implementations: readonly Implementation[]): string =>
  either(implementations.flatMap(({ missing }) => missing ?? []))

const isAvailable = ({ missing }: Implementation): boolean => missing === null

/** null: the spec leaves the choice. */
const requestedVia = (affinity: Affinity): Implementation['via'] | null =>
  affinity.method === 'none' || affinity.via === 'auto' ? null : affinity.via

const reportUnavailable = (
  affinity: Affinity,
  features: Features,
  all: Implementations,
  findings: Findings,
): void => {
  const via = requestedVia(affinity)
  if (via === null) {
    report(
      findings,
      'nginx-affinity',
      atValue([...affinity.path, 'method']),
      `${features.label} does not support ${nameOf(affinity)}`,
      `it needs ${missingOf(all)}`,
    )
    return
  }
  const missing = missingOf(all.filter((each) => each.via === via))
  const available = all.filter(isAvailable).map((each) => `${each.via} (${each.title})`)
  report(
    findings,
    'nginx-via',
    atValue([...affinity.path, 'via']),
    missing === ''
      ? `${nameOf(affinity)} cannot be configured via ${via}`
      : `${nameOf(affinity)} via ${via} needs ${missing}`,
    available.length > 0 ? `available in this target: ${either(available)}` : 'leave via out',
  )
}

/** userid identifies clients, not servers, so it is reported even if it was requested. */
const reportUserid = (
  affinity: StickyCookieAffinity,
  features: Features,
  rejection: Diagnostic | undefined,
  findings: Findings,
): void => {
  const isChosen = requestedVia(affinity) === null
  const reason = rejection?.message ?? (isChosen ? `${features.label} has no "sticky"` : null)
  const remedy =
    rejection?.help ?? 'write version: "1.30.6": nginx has an affinity cookie since 1.29.6'
  report(
    findings,
    'nginx-as-userid',
    atValue([...affinity.path, 'method']),
    `${reason === null ? '' : `${reason}: `}"userid" gives each client an id in the cookie "${affinity.cookie}", and the id is hashed to a server`,
    `${remedy}; with userid, some clients move when the set of servers changes`,
  )
}

/** Reports an implementation that a reader of the spec would not expect. */
const explainChoice = (
  affinity: Affinity,
  features: Features,
  all: Implementations,
  chosen: Implementation,
  rejection: Diagnostic | undefined,
  findings: Findings,
): void => {
  if (affinity.method === 'sticky' && affinity.by === 'cookie') {
    if (chosen.via === 'maps') reportUserid(affinity, features, rejection, findings)
    return
  }
  const isRoute = affinity.method === 'jvm_route' || affinity.method === 'sticky'
  if (!isRoute || requestedVia(affinity) !== null || all[0] === chosen) return
  const missing = missingOf(all.slice(0, all.indexOf(chosen)))
  report(
    findings,
    chosen.via === 'native' ? 'nginx-as-native' : 'nginx-as-maps',
    atValue([...affinity.path, 'method']),
    `${nameOf(affinity)} uses ${chosen.title}${rejection ? `: ${rejection.message}` : ''}`,
    // No module is recommended for an nginx that does not need it.
    missing === '' || chosen.via === 'native'
      ? null
      : `for a shorter configuration, use ${missing}`,
  )
}

/** What became of an implementation in the choice. */
type Verdict =
  | { readonly kind: 'used' }
  | { readonly kind: 'missing'; readonly needs: string }
  /** The spec requests another one with `via`. */
  | { readonly kind: 'not-requested'; readonly via: Implementation['via'] }
  /** It does not support a setting of the upstream. */
  | { readonly kind: 'refused'; readonly first: Diagnostic; readonly all: readonly Diagnostic[] }

interface Tried {
  readonly implementation: Implementation
  readonly verdict: Verdict
}

const verdictOn = (
  implementation: Implementation,
  upstream: Upstream,
  features: Features,
): Verdict => {
  const via = requestedVia(upstream.affinity)
  if (via !== null && implementation.via !== via) return { kind: 'not-requested', via }
  if (implementation.missing !== null) return { kind: 'missing', needs: implementation.missing }
  const problems = new Findings()
  checkCapabilities(upstream, features, implementation, problems)
  implementation.check?.(problems)
  const { all } = problems
  const [first] = all
  return first === undefined ? { kind: 'used' } : { kind: 'refused', first, all }
}

/** Tries the implementations in their order, up to the first that can be used. */
const tryAll = (all: Implementations, upstream: Upstream, features: Features): readonly Tried[] => {
  const tried: Tried[] = []
  for (const implementation of all) {
    const verdict = verdictOn(implementation, upstream, features)
    tried.push({ implementation, verdict })
    if (verdict.kind === 'used') break
  }
  return tried
}

/** The problems of the first implementation that the target has. */
const firstProblems = (tried: readonly Tried[]): readonly Diagnostic[] | null =>
  tried.flatMap(({ verdict }) => (verdict.kind === 'refused' ? [verdict.all] : []))[0] ?? null

/**
 * Chooses the first implementation that the target has and that supports all settings of the upstream.
 * Where none does, the problems of the first available one are reported.
 * @returns null: none.
 */
export const chooseImplementation = (
  upstream: Upstream,
  features: Features,
  findings: Findings,
): Implementation | null => {
  const { affinity } = upstream
  const all = implementationsOf(upstream, features)
  const tried = tryAll(all, upstream, features)
  const used = tried.find(({ verdict }) => verdict.kind === 'used')?.implementation
  const problems = firstProblems(tried)
  if (used !== undefined) {
    explainChoice(affinity, features, all, used, problems?.[0], findings)
    return used
  }
  if (problems === null) reportUnavailable(affinity, features, all, findings)
  else findings.addAll(problems)
  return null
}

const consideredOf = ({ implementation, verdict }: Tried): Considered => {
  const form = implementation.title
  switch (verdict.kind) {
    case 'used':
      return { form, refusal: null, remedy: null }
    case 'missing':
      return { form, refusal: `it needs ${verdict.needs}`, remedy: null }
    case 'not-requested':
      return { form, refusal: `the spec requests via: ${verdict.via}`, remedy: null }
    case 'refused':
      return { form, refusal: verdict.first.message, remedy: verdict.first.help }
  }
}

/** The implementations that were tried for the affinity of an upstream, as `chooseImplementation` does. */
export const nginxChoice = (upstream: Upstream, target: NginxTarget): Choice => {
  const features = featuresOf(target)
  const tried = tryAll(implementationsOf(upstream, features), upstream, features)
  return { target: features.label, considered: tried.map(consideredOf) }
}
