import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { featuresOf } from '../../dialects/nginx/features.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import { type BrowserCookie, cookiesOf, type Way, type Ways, waysTo } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import { coverageOf, type SharedHost, sharedHost } from '../host-names.ts'
import { isOneCookie } from '../one-cookie.ts'
import { canMatchBelow } from '../paths.ts'
import type { ListingRule } from '../rule.ts'
import { seenCookies } from '../seen-cookies.ts'

const isPrefix = ({ match }: Way): boolean => match.kind === 'prefix' || match.kind === '^~'

/** A longer prefix takes the requests below the cookie's path to the upstream that set it. */
const isTakenBy = (own: Way, theirs: readonly Way[], path: string): boolean =>
  isPrefix(own) &&
  theirs.some(
    (way) =>
      way.frontend === own.frontend &&
      isPrefix(way) &&
      way.match.pattern.length > own.match.pattern.length &&
      `${path}/`.startsWith(way.match.pattern),
  )

/** Whether a host of the one gets what was set by a host of the other. */
const reaches = (own: Way, cookie: BrowserCookie, from: Way): SharedHost => {
  const shared = sharedHost(own.frontend, from.frontend)
  const { domain } = cookie
  if (domain === null || shared === 'surely') return shared
  const covers = ({ frontend }: Way): boolean =>
    frontend.serverNames.some((name) => ['all', 'some'].includes(coverageOf(name, domain)))
  return covers(own) && covers(from) ? 'surely' : shared
}

/** Whether requests of an upstream carry another one's cookie before, or in place of, its own. */
const disturbs = (own: BrowserCookie, other: BrowserCookie, ways: Ways): SharedHost => {
  // The longer path comes first, and an equal one overwrites.
  if (other.path.length < own.path.length) return 'never'
  const theirs = ways.get(other.upstream) ?? []
  let found: SharedHost = 'never'
  for (const way of ways.get(own.upstream) ?? []) {
    if (!canMatchBelow(way.match, other.path) || isTakenBy(way, theirs, other.path)) continue
    for (const from of theirs) {
      const reached = reaches(way, other, from)
      if (reached === 'surely') return 'surely'
      if (reached === 'perhaps') found = 'perhaps'
    }
  }
  return found
}

const routesOf = ({ servers }: Upstream): string =>
  JSON.stringify(servers.map(({ route }) => route).sort())

const namesOf = ({ servers }: Upstream): string =>
  JSON.stringify(servers.map(({ name }) => name).sort())

/** nginx without `sticky` counts its clients, and hashes the number: one does for all upstreams. */
const countsClients = (target: Target): boolean =>
  target.dialect === 'nginx' &&
  featuresOf(target).sticky === null &&
  !target.modules.has('sticky-ng') &&
  !target.modules.has('session_sticky')

/** Both lead to the same servers, so one value does for both. */
const isHarmless = (a: BrowserCookie, b: BrowserCookie, cluster: Cluster): boolean => {
  if (a.isAffinity && b.isAffinity)
    return routesOf(a.upstream) === routesOf(b.upstream) || cluster.targets.every(countsClients)
  if (a.isAffinity || b.isAffinity) return false
  // PHP takes over a session id that it does not know.
  const isPhp = [a, b].every(({ upstream }) => upstream.app.runtime === 'php')
  return isPhp || namesOf(a.upstream) === namesOf(b.upstream)
}

const describe = (first: BrowserCookie, other: BrowserCookie, host: SharedHost): Diagnostic => {
  const both = `"${first.upstream.name}" and "${other.upstream.name}"`
  const where = host === 'surely' ? 'one host' : 'one host, if both are reached under the same name'
  const message = `${both} both set the cookie ${other.name} for ${where}: a browser keeps one of them`
  const proxied = other.isAffinity ? other : first.isAffinity ? first : null
  if (proxied === null) {
    const help = 'give each application a cookie name, a cookie path or a host of its own'
    return report('session-cookie-shared', atValue(other.at), message, help)
  }
  const at = atValue(proxied.at)
  const help = `give each its own, such as cookie: srv_id_${proxied.upstream.name}`
  return report(
    host === 'surely' ? 'affinity-cookie-shared' : 'affinity-cookie-shared-host',
    at,
    message,
    help,
  )
}

const problemOf = (
  cookie: BrowserCookie,
  earlier: readonly BrowserCookie[],
  cluster: Cluster,
  ways: Ways,
): readonly Diagnostic[] => {
  for (const first of earlier) {
    if (!isOneCookie(first.name, cookie.name, cluster) || isHarmless(first, cookie, cluster))
      continue
    const hosts = [disturbs(first, cookie, ways), disturbs(cookie, first, ways)]
    const host = hosts.includes('surely') ? 'surely' : hosts.find((each) => each !== 'never')
    if (host !== undefined) return [describe(first, cookie, host)]
  }
  return []
}

/** Cookies of different upstreams that a browser takes for one: it keeps none apart by port. */
export const cookiesShared: ListingRule = (cluster) => {
  const ways = waysTo(cluster)
  const seen = seenCookies(ways)
  return cluster.upstreams.flatMap((upstream) => {
    const own = cookiesOf(upstream)
    const found = own.flatMap((cookie) => problemOf(cookie, seen.rivalsOf(cookie), cluster, ways))
    for (const cookie of own) seen.add(cookie)
    return found
  })
}
