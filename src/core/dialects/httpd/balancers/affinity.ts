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
      `"${session}" has ${session.length} characters, httpd stores at most ${longestSession}`,
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
      'httpd reads the route after the first dot of the session id, not at its beginning',
      'write reverse: true; the application must put the route there, as Tomcat does',
    )
  }
  report(
    context.findings,
    'httpd-sticky-session',
    atValue([...path, 'method']),
    'jvm_route uses "stickysession": httpd reads the route after the first dot of the session id, from the URL if it has one, else from the first cookie of this name',
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
      'use mode: insert, which adds a separate cookie, or method: jvm_route, which reads the session cookie of Tomcat',
    )
  }
  report(
    context.findings,
    'httpd-cookie',
    atValue([...path, 'by']),
    `"Header" sets the cookie "${cookie}" to a dot and the route; the application receives it as well`,
    null,
  )
  if (affinity.indirect) {
    notFollowed(
      context.findings,
      [...path, 'indirect'],
      'httpd',
      'httpd sends the cookie on to the application',
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
        ? `httpd cannot read a route from ${variable}`
        : `httpd reads a route from one ${kind === 'arg' ? 'argument' : 'cookie'} only, not from ${variable} as well`,
      'use at most one $cookie_NAME and one $arg_NAME',
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
    'use { method: sticky, by: cookie } or, with Tomcat, { method: jvm_route }',
  )
  return null
}
