import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type {
  Affinity,
  JvmRouteAffinity,
  StickyCookieAffinity,
  StickyLearnAffinity,
  StickyRouteAffinity,
} from '../../../model/affinity.ts'
import { isPool } from '../../../model/resolver.ts'
import { sizeBytes } from '../../../model/size.ts'
import { report } from '../codes.ts'
import { duration, isWholeSeconds } from '../durations.ts'
import type { Features } from '../features.ts'
import { checkLiteral } from '../quote.ts'
import { serverDirective, stateOf, type UpstreamView, upstreamBlock } from '../upstream-block.ts'
import { smallestZone } from '../zone.ts'
import { checkExpires, checkMode } from './cookies.ts'
import {
  type Implementation,
  type MapGroupView,
  singleBlock,
  type UpstreamContext,
} from './implementation.ts'
import { routeOfSession } from './route-maps.ts'

/** The `sticky` directive of an upstream, and the maps that it uses. */
interface Sticky {
  readonly block: Partial<UpstreamView>
  readonly maps?: readonly MapGroupView[]
  /** The variable with the route, if there is one. */
  readonly route?: string
}

/** The first release with `sticky`. */
const stickySince = ({ flavor }: Features): string => {
  if (flavor === 'angie') return 'Angie 1.2.0'
  return flavor === 'tengine' ? 'Tengine 3.2.0' : 'nginx 1.29.6'
}

/** What sends the sessions of a drained server that failed to another one. */
const alternativeTo = (affinity: Affinity): string => {
  if (affinity.method === 'jvm_route') return 'the jvm_route module or via: maps'
  return affinity.method === 'sticky' && affinity.by === 'route' ? 'via: maps' : 'HAProxy'
}

/** Drained servers do not count as available, so a pinned request to a failed one gets 502 (seen on 1.30.4). */
const warnOfDrained = ({ upstream, features }: UpstreamContext, findings: Findings): void => {
  if (features.flavor === 'angie' || features.flavor === 'nginx-plus') return
  for (const { name, path, state } of upstream.servers) {
    if (state !== 'drain') continue
    report(
      findings,
      'nginx-drain-dead',
      atValue([...path, 'state']),
      `if the drained server "${name}" fails, its sessions get 502: the built-in "sticky" tries no other server`,
      `set state: down when the server is stopped, or use ${alternativeTo(upstream.affinity)}`,
    )
  }
}

/** The built-in `sticky` directive of nginx ≥ 1.29.6, NGINX Plus and Angie. */
const nativeSticky = (
  affinity: Exclude<Affinity, { method: 'none' }>,
  features: Features,
  variant: 'cookie' | 'learn' | 'route',
  stickyOf: (context: UpstreamContext, findings: Findings) => Sticky,
): Implementation => ({
  via: 'native',
  title: `the built-in "sticky ${variant}" of ${features.label}`,
  missing: features.sticky === null ? stickySince(features) : null,
  capabilities: {
    balance: 'any',
    backup: true,
    drain: features.sticky?.drain ?? false,
    strict: features.sticky?.strict ?? false,
    zone: true,
    maxConns: true,
    maxBusy: false,
    routes: true,
  },
  configure: (context, findings) => {
    const { upstream, zone } = context
    const { block, maps = [], route = null } = stickyOf(context, findings)
    const parameter = features.sticky?.parameter ?? 'route'
    warnOfDrained(context, findings)
    return {
      ...singleBlock({
        ...upstreamBlock(upstream, features, zone),
        ...block,
        servers: upstream.servers.map((server) =>
          serverDirective(
            server,
            stateOf(server),
            // Without a route, nginx computes one from each address.
            isPool(server) ? [] : [`${parameter}=${server.route}`],
          ),
        ),
        isStickyStrict: affinity.onFailure === 'strict',
      }),
      maps,
      logged: { route, routeStatus: features.sticky?.statusVariable ?? null },
    }
  },
})

/** `sticky route` with the variables of the spec: nginx uses the first that is not empty. */
export const nativeRoute = (affinity: StickyRouteAffinity, features: Features): Implementation =>
  nativeSticky(affinity, features, 'route', () => ({ block: { stickyRoute: affinity.from } }))

/** `sticky route` with the route that maps extract from the session id. */
export const nativeJvmRoute = (affinity: JvmRouteAffinity, features: Features): Implementation =>
  nativeSticky(affinity, features, 'route', ({ upstream, names }, findings) => {
    const { variable, maps } = routeOfSession(affinity, upstream, names, findings)
    return { block: { stickyRoute: [variable] }, maps, route: variable }
  })

const learnParams = (affinity: StickyLearnAffinity, zone: string): string[] => [
  ...affinity.create.map((variable) => `create=${variable}`),
  ...affinity.lookup.map((variable) => `lookup=${variable}`),
  `zone=${zone}:${affinity.zone}`,
  // nginx and Angie have different defaults.
  `timeout=${duration(affinity.timeoutMs)}`,
]

/** `sticky learn`: nginx stores the server of each session. */
export const nativeLearn = (affinity: StickyLearnAffinity, features: Features): Implementation => {
  const since = features.flavor === 'angie' ? 'Angie 1.12.0' : stickySince(features)
  return {
    ...nativeSticky(affinity, features, 'learn', ({ upstream, names }) => ({
      block: { stickyLearn: learnParams(affinity, names.upstream(`${upstream.name}_sessions`)) },
    })),
    missing: features.sticky?.learn ? null : since,
    check: (findings) => {
      if (sizeBytes(affinity.zone) < smallestZone) {
        report(
          findings,
          'nginx-zone-small',
          atValue([...affinity.path, 'zone']),
          `a zone of ${affinity.zone} is too small for nginx`,
          'write at least 32k; 1m holds about 4,000 sessions',
        )
      }
      if (affinity.timeoutMs === 0 || !isWholeSeconds(affinity.timeoutMs)) {
        report(
          findings,
          'nginx-duration',
          atValue([...affinity.path, 'timeout']),
          'the timeout of a session is a whole number of seconds, at least 1',
          'write whole seconds, such as 1h',
        )
      }
    },
  }
}

const cookieParams = (affinity: StickyCookieAffinity): string[] => {
  const { cookie, expires, domain, cookiePath, httpOnly, secure, sameSite } = affinity
  const args = [cookie]
  if (expires !== null) args.push(`expires=${expires === 'max' ? 'max' : duration(expires.ms)}`)
  if (domain !== null) args.push(`domain=${domain}`)
  args.push(`path=${cookiePath}`)
  if (httpOnly) args.push('httponly')
  if (secure) args.push('secure')
  if (sameSite !== null) args.push(`samesite=${sameSite}`)
  return args
}

/** `sticky cookie`: nginx sets a cookie with the route. */
export const nativeCookie = (
  affinity: StickyCookieAffinity,
  features: Features,
): Implementation => ({
  ...nativeSticky(affinity, features, 'cookie', () => ({
    block: { stickyCookie: cookieParams(affinity) },
  })),
  check: (findings) => {
    checkExpires(affinity, findings)
    checkMode(affinity, features.label, findings)
    if (affinity.sameSite !== null && features.sticky?.sameSite === false) {
      report(
        findings,
        'nginx-cookie-attribute',
        atValue([...affinity.path, 'sameSite']),
        `"sticky cookie" of ${features.label} does not support "samesite"`,
        'use a release based on nginx 1.19.4 or later',
      )
    }
    // Angie expands variables in attributes, nginx does not.
    if (features.flavor === 'angie')
      checkLiteral(affinity.cookiePath, [...affinity.path, 'path'], findings)
  },
})
