import type { Location } from '../model/cluster.ts'

/** A location, and what stands above it. */
export interface OrderedLocation {
  readonly location: Location
  /**
   * For `^~`: the plain prefixes that go on from it; where one of them matches, expressions come
   * first. Without those that go on from one another, which match nothing more.
   */
  readonly longer: readonly string[]
}

export const isPrefix = ({ match }: Location): boolean =>
  match.kind === 'prefix' || match.kind === '^~'

const isPlain = ({ match }: Location): boolean => match.kind === 'prefix'

export const isExpression = ({ match }: Location): boolean =>
  match.kind === '~' || match.kind === '~*'

/** Every path begins with a slash. */
export const matchesAlways = (location: Location): boolean =>
  isPrefix(location) && location.match.pattern === '/'

const longestFirst = (a: Location, b: Location): number =>
  b.match.pattern.length - a.match.pattern.length

const byPattern = ({ match: a }: Location, { match: b }: Location): number => {
  if (a.pattern !== b.pattern) return a.pattern < b.pattern ? -1 : 1
  // A plain prefix is not longer than the same with `^~`.
  return a.kind === 'prefix' ? -1 : 1
}

/** What `longer` says of each `^~`. Sorted, what goes on from a prefix stands right behind it. */
const longerPrefixes = (
  locations: readonly Location[],
): ReadonlyMap<Location, readonly string[]> => {
  const longer = new Map<Location, string[]>()
  /** Each goes on from the one before it, and the location at hand from the last. */
  const above: Location[] = []
  for (const location of locations.filter(isPrefix).sort(byPattern)) {
    const { pattern } = location.match
    while (above.length > 0 && !pattern.startsWith(above.at(-1)?.match.pattern ?? '')) above.pop()
    if (isPlain(location)) {
      const nearest = above.slice(above.findLastIndex(isPlain) + 1)
      for (const each of nearest) longer.get(each)?.push(pattern)
    } else longer.set(location, [])
    above.push(location)
  }
  return longer
}

/**
 * nginx's choice of a location as a list of which the first one counts that matches: exact paths; the
 * longest prefix where it is `^~`; expressions in turn; the longest prefix.
 */
export const inOrder = (locations: readonly Location[]): readonly OrderedLocation[] => {
  const of = (kind: string) => locations.filter(({ match }) => match.kind === kind)
  const longer = longerPrefixes(locations)
  const all = [
    ...of('='),
    ...of('^~').sort(longestFirst),
    ...locations.filter(isExpression),
    ...of('prefix').sort(longestFirst),
  ]
  return all.map((location) => ({ location, longer: longer.get(location) ?? [] }))
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
