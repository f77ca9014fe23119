import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { hasSessions } from '../../model/app.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { knownSessionCookie, runnerOf, sessionCookiesOf } from '../../model/session-cookie.ts'
import { cookieOfVariable } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { stickyCookieRemedy } from '../sessions.ts'

/** Only Tomcat appends a route to its session ids. */
export const routeWithoutSuffix: Rule = (cluster, findings) => {
  const isHaproxyOnly = cluster.targets.every(({ dialect }) => dialect === 'haproxy')
  for (const { affinity, app } of cluster.upstreams) {
    const runner = runnerOf(app)
    if (affinity.method !== 'jvm_route' || runner === null || app.runtime === 'tomcat') continue
    // HAProxy itself adds the route, in front of the id.
    if (affinity.mode === 'prefix' && isHaproxyOnly) continue
    const message = `session ids of ${runner.title} do not contain a route`
    const help = stickyCookieRemedy(cluster)
    report(findings, 'route-without-suffix', atKey(affinity.path), message, help)
  }
}

/** Tomcat appends the route at the end of the session id. */
export const routeAtTheWrongEnd: Rule = (cluster, findings) => {
  for (const { affinity, app } of appUpstreams(cluster, 'tomcat')) {
    if (affinity.method !== 'jvm_route' || affinity.reverse || !hasSessions(app)) continue
    report(
      findings,
      'route-at-the-wrong-end',
      atValue([...affinity.path, 'reverse']),
      'Tomcat appends the route to the session id, but reverse: false reads the beginning of the id',
      {
        text: 'write reverse: true, or remove it',
        edits: [{ kind: 'set', path: [...affinity.path, 'reverse'], value: true }],
      },
    )
  }
}

const routeRemedy = ({ app }: Upstream, cluster: Cluster): string =>
  app.runtime === 'tomcat' || app.runtime === 'none'
    ? 'write affinity: { method: jvm_route }, which reads the route at the end of the session id'
    : stickyCookieRemedy(cluster)

/** `sticky route` compares the whole value with the routes: a session cookie may contain a route but never equals one. */
export const routeFromSessionCookie: Rule = (cluster, findings) => {
  for (const upstream of cluster.upstreams) {
    const { affinity, app } = upstream
    if (affinity.method !== 'sticky' || affinity.by !== 'route') continue
    const own = sessionCookiesOf(app).map((name) => name.toLowerCase())
    for (const [index, variable] of affinity.from.entries()) {
      const name = cookieOfVariable(variable)
      if (name === null) continue
      const isSession = own.includes(name.toLowerCase())
      const isKnown = app.runtime === 'none' && knownSessionCookie(name) !== null
      if (!isSession && !isKnown) continue
      const message = `the cookie ${name} contains a whole session id, which never equals the route of a server`
      const at = atValue([...affinity.path, 'from', index])
      report(findings, 'route-from-session-cookie', at, message, routeRemedy(upstream, cluster))
    }
  }
}

/** The path parameter of Tomcat is the configured cookie name, or `jsessionid` (catalina/util/SessionConfig). */
export const urlNameMismatch: Rule = ({ upstreams }, findings) => {
  for (const { affinity, app } of upstreams) {
    if (affinity.method !== 'jvm_route' || app.runtime !== 'tomcat' || !hasSessions(app)) continue
    const expected = app.sentCookie ?? app.cookie.name ?? 'jsessionid'
    if (affinity.url.toLowerCase() === expected.toLowerCase()) continue
    report(
      findings,
      'url-name-mismatch',
      atValue([...affinity.path, 'url']),
      `Tomcat writes ";${expected}=…" into URLs, but the balancer reads ";${affinity.url}=…"`,
      {
        text: `write url: ${expected}; affinity by cookie works with both`,
        edits: [{ kind: 'set', path: [...affinity.path, 'url'], value: expected }],
      },
    )
  }
}

const keepingRoute: Readonly<Record<string, string>> = {
  redisson: 'Redisson',
  'tomcat-redis': 'tomcat-redis-session-manager',
}

/** Some session managers never change the route in a session id. */
export const storeRouteStays: Rule = (cluster, findings) => {
  for (const { affinity, app } of appUpstreams(cluster, 'tomcat')) {
    const manager = keepingRoute[app.sessions.store]
    if (affinity.method !== 'jvm_route' || manager === undefined) continue
    const message = `${manager} never changes the route in a session id: after a failover every request is balanced like that of a new client`
    const help = stickyCookieRemedy(cluster)
    report(findings, 'store-route-stays', atKey(affinity.path), message, help)
  }
}
