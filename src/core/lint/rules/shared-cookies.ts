import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { featuresOf } from '../../dialects/nginx/features.ts'
import type { Cluster, Server, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import {
  type BrowserCookie,
  cookieIndex,
  cookiesOf,
  isOneCookie,
  type LocationsByUpstream,
  locationsByUpstream,
  type ProxiedLocation,
} from '../browser-cookies.ts'
import { report } from '../codes.ts'
import { coverageOf, type SharedHost, sharedHost } from '../host-names.ts'
import { canMatchBelow } from '../paths.ts'
import type { Rule } from '../rule.ts'

const isPrefix = ({ match }: ProxiedLocation): boolean =>
  match.kind === 'prefix' || match.kind === '^~'

/** Whether a longer prefix sends the requests below the cookie's path to the upstream that set it. */
const isTakenBy = (
  own: ProxiedLocation,
  theirs: readonly ProxiedLocation[],
  path: string,
): boolean =>
  isPrefix(own) &&
  theirs.some(
    (location) =>
      location.frontend === own.frontend &&
      isPrefix(location) &&
      location.match.pattern.length > own.match.pattern.length &&
      `${path}/`.startsWith(location.match.pattern),
  )

/** Whether a host of one location receives a cookie that was set on a host of the other. */
const reaches = (
  own: ProxiedLocation,
  { domain }: BrowserCookie,
  from: ProxiedLocation,
): SharedHost => {
  const shared = sharedHost(own.frontend, from.frontend)
  if (domain === null || shared === 'surely') return shared
  const covers = ({ frontend }: ProxiedLocation): boolean =>
    frontend.serverNames.some((name) => ['all', 'some'].includes(coverageOf(name, domain)))
  return covers(own) && covers(from) ? 'surely' : shared
}

/** Whether requests to an upstream carry the other cookie before, or instead of, its own. */
const disturbs = (
  own: BrowserCookie,
  other: BrowserCookie,
  locations: LocationsByUpstream,
): SharedHost => {
  // Browsers send the longer path first, and an equal one overwrites.
  if (other.path.length < own.path.length) return 'never'
  const theirs = locations.get(other.upstream) ?? []
  let found: SharedHost = 'never'
  for (const location of locations.get(own.upstream) ?? []) {
    if (!canMatchBelow(location.match, other.path)) continue
    if (isTakenBy(location, theirs, other.path)) continue
    for (const from of theirs) {
      const reached = reaches(location, other, from)
      if (reached === 'surely') return 'surely'
      if (reached === 'perhaps') found = 'perhaps'
    }
  }
  return found
}

/** nginx without `sticky` numbers its clients and hashes the number: one cookie serves all upstreams. */
const numbersClients = (target: Target): boolean =>
  target.dialect === 'nginx' &&
  featuresOf(target).sticky === null &&
  !target.modules.has('sticky-ng') &&
  !target.modules.has('session_sticky')

const haveSame = (key: 'name' | 'route', a: Upstream, b: Upstream): boolean => {
  const values = (servers: readonly Server[]) =>
    JSON.stringify(servers.map((one) => one[key]).sort())
  return values(a.servers) === values(b.servers)
}

/** Whether one value of the cookie is right for both upstreams. */
const isHarmless = (a: BrowserCookie, b: BrowserCookie, { targets }: Cluster): boolean => {
  if (a.isAffinity && b.isAffinity)
    return haveSame('route', a.upstream, b.upstream) || targets.every(numbersClients)
  if (a.isAffinity || b.isAffinity) return false
  // PHP accepts a session id that it does not know.
  const isPhp = [a, b].every(({ upstream }) => upstream.app.runtime === 'php')
  return isPhp || haveSame('name', a.upstream, b.upstream)
}

const reportShared = (
  first: BrowserCookie,
  other: BrowserCookie,
  host: SharedHost,
  findings: Findings,
): void => {
  const both = `"${first.upstream.name}" and "${other.upstream.name}" both set the cookie ${other.name}`
  const message =
    host === 'surely'
      ? `${both} on one host: a browser keeps only one of them`
      : `${both}: a browser keeps only one of them if both are reached under the same host name`
  const affinity = other.isAffinity ? other : first.isAffinity ? first : null
  if (affinity === null) {
    const help = 'give each application its own cookie name, cookie path or host'
    report(findings, 'session-cookie-shared', atValue(other.at), message, help)
    return
  }
  const code = host === 'surely' ? 'affinity-cookie-shared' : 'affinity-cookie-shared-host'
  const help = `give each upstream its own cookie, such as cookie: srv_id_${affinity.upstream.name}`
  report(findings, code, atValue(affinity.at), message, help)
}

/** Cookies of different upstreams that a browser treats as one: browsers ignore the port. */
export const sharedCookies: Rule = (cluster, findings) => {
  const locations = locationsByUpstream(cluster)
  const earlier = cookieIndex(locations)
  const reportFirst = (cookie: BrowserCookie): void => {
    for (const first of earlier.candidatesFor(cookie)) {
      if (!isOneCookie(first.name, cookie.name, cluster)) continue
      if (isHarmless(first, cookie, cluster)) continue
      const hosts = [disturbs(first, cookie, locations), disturbs(cookie, first, locations)]
      const host = hosts.includes('surely') ? 'surely' : hosts.find((each) => each !== 'never')
      if (host === undefined) continue
      reportShared(first, cookie, host, findings)
      return
    }
  }
  for (const upstream of cluster.upstreams) {
    const cookies = cookiesOf(upstream, locations)
    for (const cookie of cookies) reportFirst(cookie)
    for (const cookie of cookies) earlier.add(cookie)
  }
}
