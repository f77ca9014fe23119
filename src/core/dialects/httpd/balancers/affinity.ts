import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type {
  JvmRouteAffinity,
  StickyCookieAffinity,
  StickyRouteAffinity,
} from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

export interface StickyView {
  /** `COOKIE|url`, or one name for both. */
  readonly session: string
  /** Whether a `;` ends a value in a URL. */
  readonly endsAtSemicolon: boolean
  /** Whether all of the value is the route, and not what follows its first dot. */
  readonly isWhole: boolean
  /** A session whose server is away gets an error. */
  readonly isStrict: boolean
}

/** Bytes for both names in shared memory (PROXY_BALANCER_MAX_STICKY_SIZE); httpd cuts longer ones off. */
const longestSession = 63

const checkLength = (session: string, { affinity }: Upstream, { findings }: Context): string => {
  if (session.length > longestSession) {
    report(
      findings,
      'httpd-sticky-name',
      atValue([...affinity.path, 'cookie']),
      `"${session}" has ${session.length} characters, httpd keeps ${longestSession} of them`,
      'shorten the name of the cookie or of the parameter',
    )
  }
  return session
}

const jvmRoute = (affinity: JvmRouteAffinity, upstream: Upstream, context: Context): StickyView => {
  const { cookie, url, reverse, path, onFailure } = affinity
  if (!reverse) {
    report(
      context.findings,
      'httpd-jvm-route-begin',
      atValue([...path, 'reverse']),
      'httpd finds a route behind the first dot of a session id, not at its beginning',
      'with reverse: true the application has to put it there, as Tomcat does',
    )
  }
  report(
    context.findings,
    'httpd-sticky-session',
    atValue([...path, 'method']),
    'jvm_route is written as "stickysession": what follows the first dot of the session id is the route, a URL counts before the cookie, and of several cookies of one name the first',
    null,
  )
  return {
    session: checkLength(cookie === url ? cookie : `${cookie}|${url}`, upstream, context),
    endsAtSemicolon: true,
    isWhole: false,
    isStrict: onFailure === 'strict',
  }
}

const stickyCookie = (
  affinity: StickyCookieAffinity,
  upstream: Upstream,
  context: Context,
): StickyView => {
  const { cookie, mode, path, onFailure } = affinity
  if (mode !== 'insert') {
    report(
      context.findings,
      'httpd-cookie-mode',
      atValue([...path, 'mode']),
      `httpd cannot change a cookie of the application (mode: ${mode})`,
      'mode: insert sets a cookie of its own; method: jvm_route reads that of Tomcat',
    )
  }
  report(
    context.findings,
    'httpd-cookie',
    atValue([...path, 'by']),
    `the cookie "${cookie}" is set by "Header": a dot, then the route; the application sees it`,
    null,
  )
  if (affinity.indirect) {
    context.findings.add(
      notFollowed([...path, 'indirect'], 'httpd', 'the application sees the cookie'),
    )
  }
  return {
    session: checkLength(cookie, upstream, context),
    endsAtSemicolon: false,
    isWhole: false,
    isStrict: onFailure === 'strict',
  }
}

const fromVariable = /^\$(cookie|arg)_([A-Za-z0-9_]+)$/

const stickyRoute = (
  affinity: StickyRouteAffinity,
  upstream: Upstream,
  context: Context,
): StickyView => {
  const { from, path, onFailure } = affinity
  const names: { cookie?: string; arg?: string } = {}
  for (const [index, variable] of from.entries()) {
    const [, kind, name] = fromVariable.exec(variable) ?? []
    if ((kind === 'cookie' || kind === 'arg') && names[kind] === undefined && name !== undefined) {
      names[kind] = name
      continue
    }
    report(
      context.findings,
      'httpd-route-variable',
      atValue([...path, 'from', index]),
      kind === undefined
        ? `httpd cannot take a route from ${variable}`
        : `httpd takes a route from one ${kind === 'arg' ? 'argument' : 'cookie'} only, not also from ${variable}`,
      'one $cookie_NAME and one $arg_NAME at most',
    )
  }
  const { cookie = names.arg ?? '', arg = cookie } = names
  return {
    session: checkLength(cookie === arg ? cookie : `${cookie}|${arg}`, upstream, context),
    endsAtSemicolon: false,
    isWhole: true,
    isStrict: onFailure === 'strict',
  }
}

/** How httpd keeps sessions on their servers; null: not at all. */
export const stickyOf = (upstream: Upstream, context: Context): StickyView | null => {
  const { affinity } = upstream
  if (affinity.method === 'none') return null
  if (affinity.method === 'jvm_route') return jvmRoute(affinity, upstream, context)
  if (affinity.method === 'sticky' && affinity.by === 'cookie')
    return stickyCookie(affinity, upstream, context)
  if (affinity.method === 'sticky' && affinity.by === 'route')
    return stickyRoute(affinity, upstream, context)
  const isLearn = affinity.method === 'sticky'
  report(
    context.findings,
    'httpd-affinity',
    atValue([...affinity.path, isLearn ? 'by' : 'method']),
    isLearn
      ? 'httpd cannot learn which server a session belongs to'
      : `httpd cannot balance by ${affinity.method === 'hash' ? 'a hash' : 'the address of the client'}`,
    'the nearest is { method: sticky, by: cookie }; with Tomcat, { method: jvm_route }',
  )
  return null
}
