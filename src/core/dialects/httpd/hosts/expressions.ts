import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Location } from '../../../model/cluster.ts'
import { inOrder, isExpression, type OrderedLocation } from '../../location-order.ts'
import { expressionError, regexText } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

interface Ranked {
  readonly location: Location
  /** Its place in the order of preference. */
  readonly index: number
}

const patternOf = ({ location }: Ranked): string => location.match.pattern

/** Each pattern directly before the patterns that it is a prefix of; of equal ones, the preferred last. */
const byPattern = (a: Ranked, b: Ranked): number => {
  if (patternOf(a) === patternOf(b)) return b.index - a.index
  return patternOf(a) < patternOf(b) ? -1 : 1
}

/**
 * Finds the locations that are preferred to a location and can match the same path: expressions, and
 * longer paths with the same prefix. A shorter prefix that is preferred excludes this location itself.
 * @param ranked in the order of preference.
 */
export const rivalsAmong = <Each extends Ranked>(
  ranked: readonly Each[],
): ((of: Each) => readonly Each[]) => {
  const expressions = ranked.filter(({ location }) => isExpression(location))
  const paths = ranked.filter(({ location }) => !isExpression(location)).sort(byPattern)
  const places = new Map(paths.map((path, place) => [path, place]))
  return (of) => {
    const place = places.get(of)
    if (place === undefined) return ranked.slice(0, of.index)
    const { kind, pattern } = of.location.match
    // Nothing is preferred to it.
    if (kind === '=') return []
    const rivals = expressions.filter(({ index }) => index < of.index)
    for (let next = place + 1; next < paths.length; next++) {
      const path = paths[next]
      if (!path || !patternOf(path).startsWith(pattern)) break
      if (path.index < of.index) rivals.push(path)
    }
    return rivals.sort((a, b) => a.index - b.index)
  }
}

/** A location as an expression on the decoded path. */
export interface Pattern {
  readonly location: Location
  /** Matches where the location does, given that none before it did. */
  readonly own: string
  /** The same, to be tried at the beginning of the path. */
  readonly start: string
  /** Matches exactly the paths for which nginx chooses the location. */
  readonly chosen: string
}

/**
 * The same expression without `${`, which httpd takes for a variable as soon as any `}` follows on
 * the line. A brace there is itself, with a backslash or without.
 */
const withoutVariable = (pattern: string): string => pattern.replaceAll('$\u007b', '$\\{')

/** The same expression, to be looked for from the beginning of the path. */
const fromStart = ({ location, longer }: OrderedLocation): string => {
  const { kind, pattern } = location.match
  if (kind === '=') return `${regexText(pattern)}$`
  if (kind === '~') return `(?s:.*?)(?:${withoutVariable(pattern)})`
  if (kind === '~*') return `(?s:.*?)(?i:${withoutVariable(pattern)})`
  const not = longer.length === 0 ? '' : `(?!${longer.map(regexText).join('|')})`
  return `${not}${regexText(pattern)}`
}

const ownOf = (ordered: OrderedLocation): string => {
  const { kind, pattern } = ordered.location.match
  if (kind === '~') return withoutVariable(pattern)
  return kind === '~*' ? `(?i)${withoutVariable(pattern)}` : `^${fromStart(ordered)}`
}

/** In the order in which nginx prefers them. */
export const patternsOf = (locations: readonly Location[]): readonly Pattern[] => {
  const ranked = inOrder(locations).map((each, index) => ({
    location: each.location,
    index,
    own: ownOf(each),
    start: fromStart(each),
  }))
  const rivalsOf = rivalsAmong(ranked)
  return ranked.map((each) => ({
    location: each.location,
    own: each.own,
    start: each.start,
    get chosen() {
      const not = rivalsOf(each).map(({ start }) => `(?!${start})`)
      return `^${not.join('')}(?=${each.start})`
    },
  }))
}

/** Expressions of locations that httpd would refuse to start with. */
export const checkExpressions = ({ locations }: Frontend, { findings }: Context): void => {
  for (const location of locations) {
    const { match, matchPath } = location
    const message = isExpression(location) ? expressionError('httpd', match.pattern) : null
    if (message === null) continue
    report(
      findings,
      'httpd-expression',
      atValue(matchPath),
      message,
      'write an expression such as \\.jsp$',
    )
  }
}
