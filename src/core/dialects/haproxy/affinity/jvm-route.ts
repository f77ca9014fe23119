import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import type { JvmRouteAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { regexText } from '../quote.ts'
import { explained, type Rule, setVariable } from '../rules.ts'
import { type AffinityView, noAffinity } from './affinity-view.ts'
import { prefixCookie } from './cookie.ts'
import { refuseDown } from './strict.ts'

export const routeSample = 'var(txn.route)'

const sessionSample = 'var(txn.session)'
const hasNoSession = ['!{', sessionSample, '-m', 'len', 'gt', '0', '}']

/** An expression as an argument of a sample. */
const quoted = (regex: string): string => `"${regex.replaceAll('\\', '\\\\')}"`

/**
 * The session id: of the first cookie of that name, which is the most specific path's (`req.cook`
 * would take the last), else of the path parameter, else of the query argument.
 */
const sessionRules = ({ cookie, url }: JvmRouteAffinity): readonly Rule[] => {
  const inCookies = `^(?:.*?;)?? *${regexText(cookie)} *= *([^;]*).*$`
  const inUrl = `^[^?]*?(?:;|\\?(?:.*?&)??)${regexText(url)}=([^;/?&#]*)`
  return explained('the session id: of the first cookie of that name, else of the URL', [
    setVariable('txn.session', `req.fhdr(cookie),regsub(${quoted(inCookies)},"\\\\1")`, [
      ...['{', `req.cook(${cookie})`, '-m', 'found', '}'],
    ]),
    setVariable('txn.session', `url,regsub(${quoted(`${inUrl}.*$`)},"\\\\1",i)`, [
      ...hasNoSession,
      ...['{', 'url', '-m', 'reg', '-i', inUrl, '}'],
    ]),
  ])
}

/** Tomcat: what follows the last dot. */
const lastField = explained('the route: what follows the last dot of the session id', [
  setVariable('txn.route', `${sessionSample},field(-1,.)`, [
    ...['{', sessionSample, '-m', 'sub', '.', '}'],
  ]),
])

/** Resin: the longest route that the session id begins with; the last rule that holds counts. */
const prefixRules = ({ servers }: Upstream): readonly Rule[] =>
  explained(
    'the route: the longest one that the session id begins with',
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
    context.findings.push(
      report(
        'haproxy-prefix-url',
        at,
        `"cookie ${affinity.cookie} prefix" does not see sessions in URLs`,
        'leave out mode: prefix to have both',
      ),
      withoutEffect(
        [...affinity.path, 'url'],
        'HAProxy',
        'with mode: prefix it looks at the cookie only',
      ),
      withoutEffect(
        [...affinity.path, 'reverse'],
        'HAProxy',
        'with mode: prefix it writes the route before the session id itself',
      ),
    )
    return prefixCookie(affinity.cookie, affinity.onFailure === 'strict', upstream)
  }
  context.findings.push(
    report(
      'haproxy-use-server',
      at,
      'jvm_route is written as "use-server": the route in the session id names the server',
      null,
    ),
  )
  const strict =
    affinity.onFailure === 'strict' ? refuseDown(upstream, routeSample) : { acls: [], rules: [] }
  return {
    ...noAffinity,
    usesServer: true,
    acls: strict.acls,
    rules: [
      ...sessionRules(affinity),
      ...(affinity.reverse ? lastField : prefixRules(upstream)),
      ...strict.rules,
    ],
  }
}
