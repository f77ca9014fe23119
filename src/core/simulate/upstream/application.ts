import { hasSessions } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import { servletCookie, sessionCookieOf } from '../../model/session-cookie.ts'
import type { Cookie } from '../request.ts'

/** How the application names a session, and the server in it. */
export interface Application {
  /** null: it has no sessions. */
  readonly cookie: string | null
  /** Where the session id has the route of the server. */
  readonly route: 'suffix' | 'prefix' | 'none'
  /** Cookies besides the session cookie that the affinity needs, as the spec expects of the application. */
  readonly others: readonly { readonly name: string; readonly holds: 'session' | 'route' }[]
  /** The argument of links that has the route; null: none. */
  readonly argument: string | null
}

const cookieIn = (variable: string): string | null =>
  /^\$(?:upstream_)?cookie_(\w+)$/.exec(variable)?.[1] ?? null

const routePlace = ({ affinity, app }: Upstream): Application['route'] => {
  if (affinity.method === 'jvm_route') return affinity.reverse ? 'suffix' : 'prefix'
  return app.runtime === 'tomcat' ? 'suffix' : 'none'
}

const cookieOf = ({ affinity, app }: Upstream): string | null => {
  if (!hasSessions(app)) return null
  const own = sessionCookieOf(app)
  if (own !== null) return own
  return affinity.method === 'jvm_route' ? affinity.cookie : servletCookie
}

const othersOf = ({ affinity }: Upstream): Application['others'] => {
  if (affinity.method !== 'sticky') return []
  if (affinity.by === 'cookie')
    return affinity.mode === 'insert' ? [] : [{ name: affinity.cookie, holds: 'session' }]
  const isRoute = affinity.by === 'route'
  return (isRoute ? affinity.from : affinity.create).flatMap((variable) => {
    const name = cookieIn(variable)
    return name === null ? [] : [{ name, holds: isRoute ? 'route' : 'session' } as const]
  })
}

const argumentOf = ({ affinity }: Upstream): string | null => {
  if (affinity.method !== 'sticky' || affinity.by !== 'route') return null
  for (const variable of affinity.from) {
    const [, name] = /^\$arg_(\w+)$/.exec(variable) ?? []
    if (name !== undefined) return name
  }
  return null
}

export const applicationOf = (upstream: Upstream): Application => {
  const cookie = cookieOf(upstream)
  return {
    cookie,
    route: routePlace(upstream),
    others: othersOf(upstream).filter(({ name }) => name !== cookie),
    argument: argumentOf(upstream),
  }
}

/** The id of a session that begins on a server. */
const sessionIdAt = (id: string, route: string, place: Application['route']): string => {
  if (place === 'none' || route === '') return id
  return place === 'suffix' ? `${id}.${route}` : `${route}${id}`
}

/** What the application sets when a session begins on a server. */
export const sessionCookies = (
  { cookie, route: place, others }: Application,
  id: string,
  route: string,
): readonly Cookie[] => [
  ...(cookie === null ? [] : [{ name: cookie, value: sessionIdAt(id, route, place) }]),
  ...others.map(({ name, holds }) => ({ name, value: holds === 'route' ? route : id })),
]
