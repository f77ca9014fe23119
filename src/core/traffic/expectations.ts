import { formatAddress } from '../model/address.ts'
import type { Affinity } from '../model/affinity.ts'
import { type App, hasSessions } from '../model/app.ts'
import type { Upstream } from '../model/cluster.ts'
import { servletCookie, sessionCookieOf } from '../model/session-cookie.ts'
import type { ServerWeights } from './figures/evenness.ts'
import type { Identification, ResponseField, SessionId } from './identity.ts'
import type { ScenarioName } from './scenario.ts'

const isByWholeAddress = /\$\{?remote_addr\b/

/** Which scenarios an upstream's spec claims to hold by its own word, with traffic alone. */
export const claimsOf = ({ affinity, app }: Upstream): readonly ScenarioName[] => {
  if (!hasSessions(app)) return ['spread']
  switch (affinity.method) {
    case 'none':
      return ['spread']
    case 'ip_hash':
      return ['sticky', 'spread']
    case 'hash':
      return isByWholeAddress.test(affinity.key)
        ? ['sticky', 'spread', 'subnet']
        : ['sticky', 'spread']
    case 'jvm_route':
      return ['sticky', 'spread', 'nat', 'subnet', 'parallel', 'url']
    case 'sticky':
      return ['sticky', 'spread', 'nat', 'subnet', 'parallel']
  }
}

/** The servers that take new clients while all is well. */
export const expectedServers = ({ servers }: Upstream): ServerWeights =>
  new Map(
    servers
      .filter(({ state }) => state === 'up')
      .map(({ name, weight }) => [name, weight] as const),
  )

/** What each server may be called in an answer. */
export const serverNames = ({ servers }: Upstream): ReadonlyMap<string, string> =>
  new Map(
    servers.flatMap(({ name, route, address }) =>
      [formatAddress(address), route, name].map((word) => [word, name] as const),
    ),
  )

const sessionIdOf = (affinity: Affinity, app: App): SessionId => {
  if (affinity.method === 'jvm_route')
    return {
      cookie: affinity.cookie,
      url: affinity.url,
      route: affinity.reverse ? 'suffix' : 'prefix',
    }
  return {
    cookie: sessionCookieOf(app) ?? servletCookie,
    url: 'jsessionid',
    // Servers of which nothing is said may be of the kind that writes a route.
    route: app.runtime === 'tomcat' || app.runtime === 'none' ? 'suffix' : 'none',
  }
}

/** A server that has no session but its own gives a foreign one a new id, with its own route. */
const keepsOwnSessions = (app: App): boolean =>
  app.runtime === 'none' || (app.runtime === 'tomcat' && app.sessions.store === 'local')

/** How an upstream's answers tell server and session, as far as its spec says. */
export const identificationOf = (upstream: Upstream): Identification => {
  const { affinity, app } = upstream
  const isByCookie =
    affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.mode !== 'prefix'
  const server: ResponseField | null = isByCookie ? { kind: 'cookie', name: affinity.cookie } : null
  return {
    server,
    session: sessionIdOf(affinity, app),
    sessionBy: null,
    // The session itself is in the cookie.
    hasChangingIds: app.runtime === 'django' && app.sessions.store === 'signed_cookies',
    count: null,
    cookieNamesServer: isByCookie || keepsOwnSessions(app),
    serverNames: serverNames(upstream),
    routes:
      affinity.method === 'jvm_route' ? new Set(upstream.servers.map(({ route }) => route)) : null,
  }
}
