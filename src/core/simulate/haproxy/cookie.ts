import { type Cookie, cookieValue, type Request } from '../request.ts'
import { type Affinity, anyServer, nothingSet, passedOn, type Wish } from './affinity.ts'
import { type Backend, type BackendServer, isUsableForSession } from './backend.ts'

export interface CookieOptions {
  readonly name: string
  readonly mode: 'insert' | 'prefix' | 'rewrite'
  readonly strict: boolean
}

/** The route comes first in the value: dates follow it, or the session id of the application. */
const routeIn = (value: string, mode: CookieOptions['mode']): string => {
  if (mode !== 'prefix') return value.split('|', 1)[0] ?? ''
  const end = value.indexOf('~')
  return end === -1 ? '' : value.slice(0, end)
}

const routeOf = (request: Request, { name, mode }: CookieOptions): string => {
  const value = cookieValue(request.cookies, name)
  return value === null ? '' : routeIn(value, mode)
}

/** The first server with the route that is not stopped; with `strict`, also one that is. */
const serverOf = (
  { byRoute }: Backend,
  route: string,
  strict: boolean,
): BackendServer | undefined => {
  const named = byRoute.get(route) ?? []
  return named.find(isUsableForSession) ?? (strict ? named[0] : undefined)
}

/** The wish for the server of a route. */
export const wishFor = (backend: Backend, route: string | null, strict: boolean): Wish => {
  if (route === null || route === '') return anyServer
  const server = serverOf(backend, route, strict)
  if (server === undefined) return anyServer
  return server.server.state === 'down' ? { kind: 'refused' } : { kind: 'server', server }
}

const withRoute = (cookies: readonly Cookie[], name: string, value: (of: string) => string) =>
  cookies.map((cookie) => (cookie.name === name ? { name, value: value(cookie.value) } : cookie))

/** `cookie NAME insert|prefix|rewrite`, with `cookie ROUTE` at each server. */
export const cookie = (options: CookieOptions): Affinity<null> => {
  const { name, mode, strict } = options
  const common = {
    start: () => null,
    wishOf: (_: null, backend: Backend, request: Request) =>
      wishFor(backend, routeOf(request, options), strict),
    strict,
  }
  if (mode === 'insert')
    return {
      ...common,
      setCookies: ({ server }, _, wished) => (wished ? [] : [{ name, value: server.route }]),
      end: passedOn,
    }
  return {
    ...common,
    setCookies: nothingSet,
    end: (_, __, { server: { route } }, { setCookies }) =>
      withRoute(setCookies, name, (value) => (mode === 'prefix' ? `${route}~${value}` : route)),
  }
}
