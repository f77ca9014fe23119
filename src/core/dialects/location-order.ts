import type { Location } from '../model/cluster.ts'

/** A location, and what stands above it. */
export interface OrderedLocation {
  readonly location: Location
  /** For `^~`: longer plain prefixes of it; where one of them matches, expressions come first. */
  readonly longer: readonly string[]
}

export const isPrefix = ({ match }: Location): boolean =>
  match.kind === 'prefix' || match.kind === '^~'

export const isExpression = ({ match }: Location): boolean =>
  match.kind === '~' || match.kind === '~*'

/** Every path begins with a slash. */
export const matchesAlways = (location: Location): boolean =>
  isPrefix(location) && location.match.pattern === '/'

const longestFirst = (a: Location, b: Location): number =>
  b.match.pattern.length - a.match.pattern.length

const longerPrefixes = (location: Location, plain: readonly Location[]): readonly string[] => {
  if (location.match.kind !== '^~') return []
  const { pattern } = location.match
  return plain
    .map(({ match }) => match.pattern)
    .filter((other) => other.length > pattern.length && other.startsWith(pattern))
}

/**
 * nginx's choice of a location as a list of which the first one counts that matches: exact paths; the
 * longest prefix where it is `^~`; expressions in turn; the longest prefix.
 */
export const inOrder = (locations: readonly Location[]): readonly OrderedLocation[] => {
  const of = (kind: string) => locations.filter(({ match }) => match.kind === kind)
  const plain = of('prefix').sort(longestFirst)
  const all = [
    ...of('='),
    ...of('^~').sort(longestFirst),
    ...locations.filter(isExpression),
    ...plain,
  ]
  return all.map((location) => ({ location, longer: longerPrefixes(location, plain) }))
}

/** `/shop/` or `= /shop/` where it is proxied and there is no `/shop`: nginx sends the browser from there to here. */
export const missingSlashes = (locations: readonly Location[]): readonly Location[] => {
  const written = new Set(
    locations.filter((each) => !isExpression(each)).map(({ match }) => match.pattern),
  )
  return locations.filter(
    (location) =>
      !isExpression(location) &&
      location.action.kind === 'proxy' &&
      location.match.pattern.length > 1 &&
      location.match.pattern.endsWith('/') &&
      !written.has(location.match.pattern.slice(0, -1)),
  )
}

/** Whether only some may ask. */
export const isRestricted = ({ allow }: Location): boolean =>
  allow.length > 0 && !allow.includes('all')
