import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import {
  knownSessionCookie,
  runnerOf,
  sessionCookieOf,
  sessionCookiesOf,
} from '../../model/session-cookie.ts'
import { cookieOfVariable, isOneCookie } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** The affinity cookie must not have the name of a session cookie; with mode: prefix they are one on purpose. */
export const affinityCookieClash: Rule = (cluster, findings) => {
  for (const { affinity, app } of cluster.upstreams) {
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie') continue
    if (affinity.mode === 'prefix') continue
    const { cookie, path } = affinity
    const at = atValue([...path, 'cookie'])
    const help = 'give the affinity cookie another name, such as srv_id'
    const same = sessionCookiesOf(app).find((name) => isOneCookie(name, cookie, cluster))
    const known = knownSessionCookie(cookie)
    if (same !== undefined) {
      const title = runnerOf(app)?.title ?? 'the application'
      const message =
        same === cookie
          ? `${cookie} is the session cookie of ${title}: the proxy would overwrite it`
          : `nginx ignores case in cookie names and treats ${cookie} as ${same}, the session cookie of ${title}`
      report(findings, 'affinity-cookie-clash', at, message, help)
    } else if (known !== null) {
      const message = `${cookie} is the session cookie of ${known.title}: if the application sends it, the proxy overwrites it and every session is lost`
      report(findings, 'affinity-cookie-known', at, message, help)
    }
  }
}

/** A cookie that the proxy reads as the session cookie. */
interface ReadCookie {
  readonly key: string
  readonly name: string
  /** Such as `$cookie_` where the spec has a variable; empty where it has the name alone. */
  readonly prefix: string
}

const inVariables = (
  key: string,
  prefix: string,
  variables: readonly string[],
  cookie: string,
): readonly ReadCookie[] => {
  const names = variables.flatMap((variable) => cookieOfVariable(variable) ?? [])
  // nginx finds a cookie by the name of its variable and ignores case.
  const isRead = names.some((name) => name.toLowerCase() === cookie.toLowerCase())
  const [name] = names
  return name === undefined || isRead ? [] : [{ key, name, prefix }]
}

/** Cookies that the proxy reads as the session cookie and that the application does not send. */
const mismatches = ({ affinity }: Upstream, cookie: string): readonly ReadCookie[] => {
  const named = (name: string): readonly ReadCookie[] =>
    name === cookie ? [] : [{ key: 'cookie', name, prefix: '' }]
  if (affinity.method === 'jvm_route') return named(affinity.cookie)
  if (affinity.method !== 'sticky' || affinity.by === 'route') return []
  if (affinity.by === 'cookie') return affinity.mode === 'prefix' ? named(affinity.cookie) : []
  return [
    ...inVariables('create', '$upstream_cookie_', affinity.create, cookie),
    ...inVariables('lookup', '$cookie_', affinity.lookup, cookie),
  ]
}

/** Session ids of other runtimes contain no route under any cookie name: `routeWithoutSuffix` reports that. */
const hasRoutes = ({ affinity, app }: Upstream): boolean =>
  affinity.method !== 'jvm_route' || affinity.mode === 'prefix' || app.runtime === 'tomcat'

export const cookieNameMismatch: Rule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const { affinity, app } = upstream
    const cookie = sessionCookieOf(app)
    const runner = runnerOf(app)
    if (cookie === null || runner === null || !hasRoutes(upstream)) continue
    for (const { key, name, prefix } of mismatches(upstream, cookie)) {
      const at = atValue([...affinity.path, key])
      const message = `the balancer reads the cookie ${name}, but ${runner.title} sends ${cookie}`
      const remedy = `write ${key}: ${prefix}${cookie}`
      const known = knownSessionCookie(name)
      // Tomcat gets its name from sessctl; another application may have its own in the code.
      if (app.runtime === 'tomcat' || (app.runtime !== 'none' && app.cookie.name !== null)) {
        const help = `${remedy}, or app.cookie.name: ${name}`
        report(findings, 'cookie-name-mismatch', at, message, help)
      } else if (known !== null && known.runtime !== app.runtime) {
        report(findings, 'cookie-name-mismatch', at, message, remedy)
      } else {
        const unless = `${message} unless configured otherwise`
        const help = `${remedy}, or app.cookie.name: ${name}`
        report(findings, 'cookie-name-unknown', at, unless, help)
      }
    }
  }
}
