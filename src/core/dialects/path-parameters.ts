import type { Frontend, Location } from '../model/cluster.ts'
import { isExpression, isRestricted, matchesAlways } from './location-order.ts'
import { regexText } from './regular-expressions.ts'

/*
 * Servlet containers remove `;parameters` from each segment of a path, then resolve dots and empty
 * segments; proxies compare the path as it was sent. `/ok/..;/admin` and `/admin;x/` are `/admin` and
 * `/admin/` for Tomcat and other paths for a proxy.
 */

/** Segments that no browser sends: dots, or parameters without a name. For the decoded path. */
export const hiddenSegments = String.raw`/(\.\.?(/|$)|\.{0,2};)`

/** The same for the request target as the client sent it. */
export const hiddenSegmentsRaw = String.raw`^[^?]*(/|%2f)((\.|%2e){1,2}(/|%2f|\?|$)|(\.|%2e){0,2}(;|%3b))`

/** Parameters of a segment that is not the last one of the path. */
export const innerParameters = ';.*/'

/** The same for the request target as the client sent it. */
export const innerParametersRaw = '^[^?;]*;[^?]*/'

const isProxied = ({ action }: Location): boolean => action.kind === 'proxy'

/** Whether some paths only are proxied to an application, or an application has paths that are not proxied. */
export const routesByPath = ({ locations }: Frontend): boolean =>
  locations.some(isProxied) &&
  locations.some((location) => !matchesAlways(location) || location.mapping !== null)

const isGuarded = (location: Location): boolean => isProxied(location) && isRestricted(location)

/** Whether a location restricts the clients of an application. */
export const restrictsPaths = (frontend: Frontend): boolean =>
  routesByPath(frontend) && frontend.locations.some(isGuarded)

/** A copy of a restricted location for its paths with parameters at the end, such as a session id. */
export interface ParameterLocation extends Location {
  readonly hasParameters: true
}

export const hasParameters = (location: Location): location is ParameterLocation =>
  'hasParameters' in location

/** `$` matches before the parameters too; in a class, or after a backslash, it is literal. */
const endsAtParameters = (expression: string): string =>
  expression.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*\]|\$/g, (part) =>
    part === '$' ? String.raw`(?:;[\s\S]*)?$` : part,
  )

/** What follows this prefix in the plain and `^~` prefixes that begin with it. */
const suffixesOfLonger = ({ match }: Location, locations: readonly Location[]): readonly string[] =>
  locations
    .filter(({ match: { kind } }) => kind === 'prefix' || kind === '^~')
    .map((other) => other.match.pattern)
    .filter((pattern) => pattern !== match.pattern && pattern.startsWith(match.pattern))
    .map((pattern) => pattern.slice(match.pattern.length))

const prefixExpression = (location: Location, locations: readonly Location[]): string => {
  const longer = suffixesOfLonger(location, locations).map(regexText)
  const not = longer.length === 0 ? '' : `(?!${longer.join('|')})`
  return `^${regexText(location.match.pattern)}${not}[^;]*;`
}

/** null: the location itself matches these paths. */
const parameterMatch = (
  location: Location,
  locations: readonly Location[],
): Location['match'] | null => {
  const { kind, pattern } = location.match
  if (kind === '=') return { kind: '^~', pattern: `${pattern};` }
  if (kind === '^~') return null
  if (isExpression(location))
    return { kind, pattern: String.raw`^(?=[^;]*;)[\s\S]*?(?:${endsAtParameters(pattern)})` }
  // Parameters could satisfy an expression, which is preferred to a prefix.
  return locations.some(isExpression)
    ? { kind: '~', pattern: prefixExpression(location, locations) }
    : null
}

/**
 * The locations of a frontend, preceded by copies of the restricted ones for their paths with parameters:
 * `= /admin` also matches `/admin;jsessionid=1`, and `~ \.do$` matches `/x.do;jsessionid=1`.
 */
export const guardedLocations = ({ locations }: Frontend): readonly Location[] => {
  const added = locations.filter(isGuarded).flatMap((location): readonly ParameterLocation[] => {
    const match = parameterMatch(location, locations)
    const isKnown = locations.some((each) => each.match.pattern === match?.pattern)
    if (match === null || isKnown) return []
    return [{ ...location, match, root: null, alias: null, index: [], hasParameters: true }]
  })
  return [...added, ...locations]
}
