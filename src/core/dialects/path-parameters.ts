import type { Frontend, Location } from '../model/cluster.ts'
import { isExpression, isRestricted, matchesAlways } from './location-order.ts'
import { regexText } from './regex-text.ts'

/**
 * Servlet containers remove `;parameters` from each name of a path, then resolve dots and empty
 * names; proxies compare the path as it is. `/ok/..;/admin` and `/admin;x/` are `/admin` and `/admin/`
 * for Tomcat and other paths for a proxy.
 */

/** Names which no browser sends: dots, and none but parameters. On the decoded path. */
export const hiddenNames = String.raw`/(\.\.?(/|$)|\.{0,2};)`

/** The same, on the request target as the client sent it. */
export const hiddenNamesRaw = String.raw`^[^?]*(/|%2f)((\.|%2e){1,2}(/|%2f|\?|$)|(\.|%2e){0,2}(;|%3b))`

/** Parameters of a name that is not the last one of the path. */
export const innerParameters = ';.*/'

/** The same, on the request target as the client sent it. */
export const innerParametersRaw = '^[^?;]*;[^?]*/'

const isProxied = ({ action }: Location): boolean => action.kind === 'proxy'

/** Whether the path of a request decides what the application gets. */
export const routesByPath = ({ locations }: Frontend): boolean =>
  locations.some(isProxied) && locations.some((location) => !matchesAlways(location))

const isGuarded = (location: Location): boolean => isProxied(location) && isRestricted(location)

/** Whether a location lets only some clients reach the application. */
export const restrictsPaths = (frontend: Frontend): boolean =>
  routesByPath(frontend) && frontend.locations.some(isGuarded)

/** A restricted location again, for its paths with parameters behind them, such as a session id. */
export interface ParameterLocation extends Location {
  readonly hasParameters: true
}

export const hasParameters = (location: Location): location is ParameterLocation =>
  'hasParameters' in location

/** `$` as the end of the path without its parameters; one in a class, or behind a backslash, is itself. */
const endsAtParameters = (expression: string): string =>
  expression.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*\]|\$/g, (part) =>
    part === '$' ? String.raw`(?:;[\s\S]*)?$` : part,
  )

/** Plain and `^~` prefixes that go on from this one: locations of their own. */
const longerThan = ({ match }: Location, locations: readonly Location[]): readonly string[] =>
  locations
    .filter(({ match: { kind } }) => kind === 'prefix' || kind === '^~')
    .map((other) => other.match.pattern)
    .filter((pattern) => pattern !== match.pattern && pattern.startsWith(match.pattern))
    .map((pattern) => pattern.slice(match.pattern.length))

const prefixExpression = (location: Location, locations: readonly Location[]): string => {
  const longer = longerThan(location, locations).map(regexText)
  const not = longer.length === 0 ? '' : `(?!${longer.join('|')})`
  return `^${regexText(location.match.pattern)}${not}[^;]*;`
}

/** null: the location itself has these paths. */
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
 * The locations of a frontend, and restricted ones again for their paths with parameters, before the
 * others: `= /admin` is also for `/admin;jsessionid=1`, `~ \.do$` for `/x.do;jsessionid=1`.
 */
export const guardedLocations = ({ locations }: Frontend): readonly Location[] => {
  const added = locations.filter(isGuarded).flatMap((location): readonly ParameterLocation[] => {
    const match = parameterMatch(location, locations)
    const isKnown = locations.some((each) => each.match.pattern === match?.pattern)
    if (match === null || isKnown) return []
    return [{ ...location, match, root: null, index: [], hasParameters: true }]
  })
  return [...added, ...locations]
}
