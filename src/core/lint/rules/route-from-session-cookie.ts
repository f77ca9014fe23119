import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { knownSessionCookie, sessionCookiesOf } from '../../model/session-cookie.ts'
import { report } from '../codes.ts'
import { cookieOfVariable } from '../cookie-variables.ts'
import type { ListingRule } from '../rule.ts'
import { stickyCookieRemedy } from '../sticky-cookie.ts'

const remedyFor = ({ app }: Upstream, cluster: Cluster): string =>
  app.runtime === 'tomcat' || app.runtime === 'none'
    ? 'write affinity: { method: jvm_route }, which reads the route at the end of the session id'
    : stickyCookieRemedy(cluster)

const problemsOf = (upstream: Upstream, cluster: Cluster): readonly Diagnostic[] => {
  const { affinity, app } = upstream
  if (affinity.method !== 'sticky' || affinity.by !== 'route') return []
  const own = sessionCookiesOf(app).map((name) => name.toLowerCase())
  return affinity.from.flatMap((variable, index) => {
    const name = cookieOfVariable(variable)
    if (name === null) return []
    const isSession = own.includes(name.toLowerCase())
    if (!isSession && (app.runtime !== 'none' || knownSessionCookie(name) === null)) return []
    const message = `the value of the cookie ${name} is a whole session id, and equals the route of no server`
    const at = atValue([...affinity.path, 'from', index])
    return [report('route-from-session-cookie', at, message, remedyFor(upstream, cluster))]
  })
}

/** A route is compared as a whole: the session cookie may hold one, and is none. */
export const routeFromSessionCookie: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => problemsOf(upstream, cluster))
