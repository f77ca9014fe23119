import { ignoringCase, type Request } from './request.ts'

/** Where jvm_route, in nginx and in HAProxy, looks for a session. */
export interface SessionSource {
  readonly cookie: string
  /** The name of the parameter in URLs. */
  readonly url: string
  /** true: the route follows the last dot; false: the session id begins with it. */
  readonly reverse: boolean
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A path parameter, else a query argument. */
const expressionsOf = (name: string): readonly RegExp[] => [
  new RegExp(`^[^?#]*?;${escaped(name)}=([^;/?#]+)`, 'i'),
  new RegExp(`^[^?#]*\\?(?:[^#]*?&)?${escaped(name)}=([^&;#]+)`, 'i'),
]

const inUrl = (uri: string, expressions: readonly RegExp[]): string | null => {
  for (const expression of expressions) {
    const [, session] = expression.exec(uri) ?? []
    if (session !== undefined) return session
  }
  return null
}

/** Of several routes that a session id begins with, the longest. */
const longestOf = (routes: ReadonlySet<string>, session: string): string | null => {
  let longest: string | null = null
  for (const route of routes) {
    if (session.startsWith(route) && route.length > (longest?.length ?? -1)) longest = route
  }
  return longest
}

/** The route in a session id, if a server has it. */
const routeIn = (session: string, reverse: boolean, routes: ReadonlySet<string>): string | null => {
  if (!reverse) return longestOf(routes, session)
  const dot = session.lastIndexOf('.')
  const route = session.slice(dot + 1)
  return dot >= 0 && routes.has(route) ? route : null
}

/** Finds the route of a request; null: it has none that is a server's. */
export type RouteReader = (routes: ReadonlySet<string>) => (request: Request) => string | null

/**
 * The first cookie that has the route of a server; without a cookie, the URL. A session in a cookie
 * without such a route hides the URL.
 */
export const sessionRoutes = ({ cookie, url, reverse }: SessionSource): RouteReader => {
  const expressions = expressionsOf(url)
  return (routes) =>
    ({ cookies, uri }) => {
      let hasCookie = false
      for (const { name, value } of cookies) {
        if (value === '' || !ignoringCase(name, cookie)) continue
        hasCookie = true
        const route = routeIn(value, reverse, routes)
        if (route !== null) return route
      }
      if (hasCookie || (!uri.includes(';') && !uri.includes('?'))) return null
      const session = inUrl(uri, expressions)
      return session === null ? null : routeIn(session, reverse, routes)
    }
}
