import { formatAddress } from '../model/address.ts'
import type { Affinity } from '../model/affinity.ts'
import { type App, hasSessions } from '../model/app.ts'
import type { Upstream } from '../model/cluster.ts'
import { servletCookie, sessionCookieOf } from '../model/session-cookie.ts'
import type { ServerWeights } from './figures/evenness.ts'
import type { Identification, ResponseField, SessionId } from './identity.ts'
import type { ScenarioName } from './scenario.ts'

const isByWholeAddress = /\$\{?remote_addr\b/

/** The scenarios without events that the spec of an upstream claims. */
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

/** The servers that receive new clients, with their weights. */
export const expectedServers = ({ servers }: Upstream): ServerWeights =>
  new Map(
    servers
      .filter(({ state }) => state === 'up')
      .map(({ name, weight }) => [name, weight] as const),
  )

/** The values that identify each server in a response. */
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
    // An unspecified application may append a route.
    route: app.runtime === 'tomcat' || app.runtime === 'none' ? 'suffix' : 'none',
  }
}

/** Such a server replaces an unknown session by a new one, with its own route. */
const keepsOwnSessions = (app: App): boolean =>
  app.runtime === 'none' || (app.runtime === 'tomcat' && app.sessions.store === 'local')

/** How responses of an upstream identify their server and session, according to the spec. */
export const identificationOf = (upstream: Upstream): Identification => {
  const { affinity, app } = upstream
  const isByCookie =
    affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.mode !== 'prefix'
  const server: ResponseField | null = isByCookie ? { kind: 'cookie', name: affinity.cookie } : null
  return {
    server,
    session: sessionIdOf(affinity, app),
    sessionBy: null,
    // The cookie contains the session.
    hasChangingIds: app.runtime === 'django' && app.sessions.store === 'signed_cookies',
    count: null,
    cookieNamesServer: isByCookie || keepsOwnSessions(app),
    serverNames: serverNames(upstream),
    routes:
      affinity.method === 'jvm_route' ? new Set(upstream.servers.map(({ route }) => route)) : null,
  }
}
