import type { Location } from '../model/cluster.ts'

/** A location, and the longer prefixes that precede it. */
export interface OrderedLocation {
  readonly location: Location
  /**
   * For `^~`: the plain prefixes that begin with it. Where one of them matches, expressions come first.
   * A prefix that begins with another one of them is left out: it matches nothing more.
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

/** `longer` of each `^~`. In sorted order, the prefixes that begin with a prefix follow it directly. */
const longerPrefixes = (
  locations: readonly Location[],
): ReadonlyMap<Location, readonly string[]> => {
  const longer = new Map<Location, string[]>()
  /** Each begins with the one before it, and the current location begins with the last. */
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
 * The locations in an order in which the first match is the one that nginx chooses: exact paths; the
 * longest prefix where it is `^~`; expressions in the order of the spec; the longest prefix.
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

/** `/shop/` or `= /shop/` where it is proxied and there is no `/shop`: nginx redirects `/shop` to it. */
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

/** Whether only clients of `allow` have access. */
export const hasAllowList = ({ allow }: Location): boolean =>
  allow.length > 0 && !allow.includes('all')

/** Whether only some clients have access. */
export const isRestricted = (location: Location): boolean =>
  hasAllowList(location) || location.deny.length > 0 || location.basicAuth !== null
