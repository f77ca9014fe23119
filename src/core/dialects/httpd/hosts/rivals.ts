import type { Location } from '../../../model/cluster.ts'
import { isExpression } from '../../location-order.ts'

interface Ranked {
  readonly location: Location
  /** Its place in the order of preference. */
  readonly index: number
}

const patternOf = ({ location }: Ranked): string => location.match.pattern

/** Each pattern right before those that go on from it; of the same ones, the preferred last. */
const byPattern = (a: Ranked, b: Ranked): number => {
  if (patternOf(a) === patternOf(b)) return b.index - a.index
  return patternOf(a) < patternOf(b) ? -1 : 1
}

/**
 * Finds what is preferred to a location and can match the same path: expressions, and paths that go
 * on from its own. A path that its own goes on from has left it out, if it is preferred at all.
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
