import type { Location, Match } from '../model/cluster.ts'

/** A path as a directory, which is how browsers compare cookie paths and Tomcat context paths. */
const asFolder = (path: string): string => (path.endsWith('/') ? path : `${path}/`)

/** Whether a requested path is the path itself or below it. */
export const isBelow = (requested: string, path: string): boolean =>
  requested === path || requested.startsWith(asFolder(path))

/** The literal text that every match of an expression begins with; empty where it is not anchored. */
const literalStart = (expression: string): string => {
  if (!expression.startsWith('^') || expression.includes('|')) return ''
  let start = ''
  for (const [whole, escaped, plain] of expression
    .slice(1)
    .matchAll(/\\([^A-Za-z0-9])|([^\\^$.*+?()[\]{}|])|./gs)) {
    const character = escaped ?? plain
    // What may be left out or repeated is no part of it.
    if (character === undefined) return /^[*?{]/.test(whole) ? start.slice(0, -1) : start
    start += character
  }
  return start
}

const startOf = ({ kind, pattern }: Match): string => {
  if (kind === '~') return literalStart(pattern)
  return kind === '~*' ? '' : pattern
}

/** Whether a location can match a request for the path or below it; true where that is unknown. */
export const canMatchBelow = (match: Match, path: string): boolean => {
  if (match.kind === '=') return isBelow(match.pattern, path)
  const start = startOf(match)
  return asFolder(path).startsWith(start) || start.startsWith(asFolder(path))
}

/** Whether all that a location matches is the path or below it; true where that is unknown. */
export const matchesOnlyBelow = (match: Match, path: string): boolean => {
  const start = startOf(match)
  const isUnknown = match.kind.startsWith('~') && !start.startsWith(asFolder(path))
  return isBelow(start, path) || (isUnknown && canMatchBelow(match, path))
}

/** The paths of a location as the application gets them. */
export const matchAtServers = ({ mapping, match }: Pick<Location, 'mapping' | 'match'>): Match =>
  mapping === null ? match : { kind: 'prefix', pattern: mapping.to }
