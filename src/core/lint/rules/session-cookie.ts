import { atValue } from '../../diagnostics/diagnostic.ts'
import { type App, hasSessions } from '../../model/app.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { sessionCookieOf } from '../../model/session-cookie.ts'
import { locationsByUpstream } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Tomcat and Spring set Secure for every request that came over HTTPS; PHP and Django only if told to. */
const followsRequest = ({ runtime }: App): boolean => runtime === 'tomcat' || runtime === 'spring'

/** Browsers reject SameSite=None without Secure, and keep Secure cookies that came over HTTPS only. */
export const sessionCookieDropped: Rule = (cluster, findings) => {
  const byUpstream = locationsByUpstream(cluster)
  for (const upstream of cluster.upstreams) {
    const { app } = upstream
    if (app.runtime === 'none' || !hasSessions(app)) continue
    const { sameSite, secure, specPath } = app.cookie
    const name = sessionCookieOf(app)
    const frontends = (byUpstream.get(upstream) ?? []).map(({ frontend }) => frontend)
    const hasHttps = frontends.length === 0 || frontends.some(mayBeHttps)
    if (secure === true && !hasHttps) {
      report(
        findings,
        'session-cookie-dropped',
        atValue([...specPath, 'secure']),
        `browsers reject the session cookie ${name}: it is Secure, and every listener uses HTTP`,
        'add a listener with tls, or clientAddress if TLS ends at a proxy in front',
      )
    }
    if (sameSite === 'none' && secure !== true && !followsRequest(app)) {
      report(
        findings,
        'session-cookie-dropped',
        atValue([...specPath, 'sameSite']),
        `browsers reject the session cookie ${name}: SameSite=None requires Secure`,
        'write secure: true, or sameSite: lax',
      )
    }
  }
}
