import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { regexText, routeAlternatives } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { explained, type Rule, setVariable } from '../rules.ts'
import { requestSample, requestVariables } from '../variables.ts'
import { prefixCookie } from './cookie.ts'
import { type AffinityView, noAffinity, refuseDown } from './view.ts'

export const routeSample = 'var(txn.route)'

const sessionSample = 'var(txn.session)'
const hasNoSession = ['!{', sessionSample, '-m', 'len', 'gt', '0', '}']

/** An expression as an argument of a sample. */
const quoted = (regex: string): string => `"${regex.replaceAll('\\', '\\\\')}"`

/** Cookies may come in several headers; more than these are not looked at. */
const cookieHeaders = [2, 3]

const allCookies = 'var(txn.cookies)'

const cookieRules = ({ cookie }: JvmRouteAffinity): readonly Rule[] => {
  const isSent = ['{', `req.cook(${cookie})`, '-m', 'found', '}']
  const joined = cookieHeaders.map((count) => `,concat(;,txn.cookie${count})`).join('')
  return explained('cookies of all Cookie headers', [
    ...cookieHeaders.map((count) =>
      setVariable(`txn.cookie${count}`, `req.fhdr(cookie,${count})`, isSent),
    ),
    setVariable('txn.cookies', `req.fhdr(cookie,1)${joined}`, isSent),
  ])
}

/**
 * The session id: of the first cookie of that name, which is the most specific path's (`req.cook`
 * would take the last), else of the path parameter, else of the query argument.
 */
const sessionRules = ({ cookie, url }: JvmRouteAffinity): readonly Rule[] => {
  const inCookies = `^(?:.*?;)?? *${regexText(cookie)} *= *([^;]*).*$`
  const inUrl = `^[^?]*?(?:;|\\?(?:.*?&)??)${regexText(url)}=([^;/?&#]*)`
  return explained('session id, from the first cookie of that name, else from the URL', [
    setVariable('txn.session', `${allCookies},regsub(${quoted(inCookies)},"\\\\1")`, [
      ...['{', `req.cook(${cookie})`, '-m', 'found', '}'],
    ]),
    setVariable('txn.session', `url,regsub(${quoted(`${inUrl}.*$`)},"\\\\1",i)`, [
      ...hasNoSession,
      ...['{', 'url', '-m', 'reg', '-i', inUrl, '}'],
    ]),
  ])
}

/**
 * Of several cookies of one name, of several paths or domains, Tomcat takes the first session that it
 * knows: so the first route that is a server's counts.
 */
const knownRouteRules = (
  { cookie, path, reverse }: JvmRouteAffinity,
  { servers }: Upstream,
  { findings }: Context,
): readonly Rule[] => {
  const routes = routeAlternatives(servers, reverse)
  if (routes === null) {
    const message = `of several cookies "${cookie}", only the first is read: one line cannot hold the routes of ${servers.length} servers`
    const help = 'use mode: prefix, which reads all of them'
    report(findings, 'haproxy-first-cookie', atValue([...path, 'method']), message, help)
    return []
  }
  const name = `^(?:.*?;)?? *${regexText(cookie)} *= *`
  const end = reverse ? ' *(?:;.*)?$' : '.*$'
  const expression = `${name}${reverse ? '[^;]*\\.' : ''}(${routes})${end}`
  return explained('route, from the first cookie that has the route of a server', [
    setVariable('txn.route', `${allCookies},regsub(${quoted(expression)},"\\\\1")`, [
      ...['{', allCookies, '-m', 'reg', expression, '}'],
    ]),
  ])
}

/** Tomcat: what follows the last dot. */
const lastField = explained('route: the part after the last dot of the session id', [
  setVariable('txn.route', `${sessionSample},field(-1,.)`, [
    ...['{', sessionSample, '-m', 'sub', '.', '}'],
  ]),
])

/** Resin: the longest route that the session id begins with; the last rule that holds counts. */
const prefixRules = ({ servers }: Upstream): readonly Rule[] =>
  explained(
    'route: the longest one that the session id begins with',
    servers
      .map(({ route }) => route)
      .sort((a, b) => a.length - b.length)
      .map((route) =>
        setVariable('txn.route', `str(${route})`, ['{', sessionSample, '-m', 'beg', route, '}']),
      ),
  )

export const jvmRouteView = (
  affinity: JvmRouteAffinity,
  upstream: Upstream,
  context: Context,
): AffinityView => {
  const at = atValue([...affinity.path, affinity.mode === null ? 'method' : 'mode'])
  if (affinity.mode === 'prefix') {
    report(
      context.findings,
      'haproxy-prefix-url',
      at,
      `"cookie ${affinity.cookie} prefix" does not read session ids in URLs`,
      'remove mode to read session ids in cookies and in URLs',
    )
    withoutEffect(
      context.findings,
      [...affinity.path, 'url'],
      'HAProxy',
      'with mode: prefix, HAProxy reads the route in the cookie only',
    )
    withoutEffect(
      context.findings,
      [...affinity.path, 'reverse'],
      'HAProxy',
      'with mode: prefix, HAProxy itself puts the route in front of the session id',
    )
    return prefixCookie(affinity.cookie, affinity.onFailure === 'strict', upstream)
  }
  report(
    context.findings,
    'haproxy-use-server',
    at,
    'jvm_route uses "use-server": the route in the session id selects the server',
    null,
  )
  const strict =
    affinity.onFailure === 'strict' ? refuseDown(upstream, routeSample) : { acls: [], rules: [] }
  return {
    ...noAffinity,
    usesServer: true,
    acls: strict.acls,
    rules: [
      ...cookieRules(affinity),
      ...sessionRules(affinity),
      ...(affinity.reverse ? lastField : prefixRules(upstream)),
      ...knownRouteRules(affinity, upstream, context),
      ...strict.rules,
    ],
  }
}

const hasNoRoute = ['!{', routeSample, '-m', 'found', '}']

/** The first variable that is not empty names the server. */
const routeRules = (affinity: StickyRouteAffinity, context: Context): readonly Rule[] =>
  affinity.from.flatMap((variable, index) => {
    const sample = requestSample(variable.slice(1), context.features)
    if (sample === null) {
      report(
        context.findings,
        'haproxy-route-variable',
        atValue([...affinity.path, 'from', index]),
        `HAProxy has no equivalent of ${variable}`,
        `use one of ${requestVariables}`,
      )
      return []
    }
    const isNotEmpty = ['{', sample, '-m', 'len', 'gt', '0', '}']
    return [
      setVariable('txn.route', sample, index === 0 ? isNotEmpty : [...hasNoRoute, ...isNotEmpty]),
    ]
  })

export const stickyRouteView = (
  affinity: StickyRouteAffinity,
  upstream: Upstream,
  context: Context,
): AffinityView => {
  const strict =
    affinity.onFailure === 'strict' ? refuseDown(upstream, routeSample) : { acls: [], rules: [] }
  return {
    ...noAffinity,
    usesServer: true,
    acls: strict.acls,
    rules: [...routeRules(affinity, context), ...strict.rules],
  }
}
