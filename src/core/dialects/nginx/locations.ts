import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend, Location } from '../../model/cluster.ts'
import { isExpression } from '../location-order.ts'
import { report } from './codes.ts'
import { expressionProblem } from './expressions.ts'
import { lengthProblems, literalProblems } from './literals.ts'

const matchProblem = (location: Location): string | null => {
  const { pattern } = location.match
  if (isExpression(location)) return expressionProblem(pattern)
  return pattern.startsWith('/') ? null : 'paths begin with "/", so it matches no request'
}

const matchProblems = (location: Location): Diagnostic[] => {
  const at = [...location.path, 'match']
  const problem = matchProblem(location)
  if (problem === null || location.match.pattern === '')
    return lengthProblems(location.match.pattern, at)
  return [
    report(
      'nginx-location',
      atValue(at),
      `nginx cannot match "${location.match.pattern}": ${problem}`,
      'such as "/shop/", "= /login" or "~ \\.jsp$"',
    ),
  ]
}

/** `/` and `^~ /` are one location for nginx; two of the same kind the model has refused already. */
const duplicateProblems = (locations: readonly Location[]): Diagnostic[] => {
  const prefixes = new Map<string, Location>()
  return locations.flatMap((location) => {
    const { kind, pattern } = location.match
    if (kind !== 'prefix' && kind !== '^~') return []
    const same = prefixes.get(pattern)
    prefixes.set(pattern, location)
    if (!same || same.match.kind === kind) return []
    return [
      report(
        'nginx-location',
        atKey([...location.path, 'match']),
        `nginx takes "${pattern}" and "^~ ${pattern}" for the same location`,
        'remove one of them',
      ),
    ]
  })
}

const indexProblems = ({ index, path }: Location): Diagnostic[] =>
  index.flatMap((name, position) => {
    const at = [...path, 'index', position]
    const problems = literalProblems(name, at)
    if (name.startsWith('/') && position < index.length - 1) {
      problems.push(
        report(
          'nginx-index',
          atValue(at),
          `"${name}" is a whole path: nginx never looks at the names behind it`,
          'write it last',
        ),
      )
    }
    return problems
  })

export const locationProblems = ({ locations }: Frontend): readonly Diagnostic[] => [
  ...locations.flatMap((location) => [
    ...matchProblems(location),
    ...indexProblems(location),
    ...(location.root === null ? [] : literalProblems(location.root, [...location.path, 'root'])),
  ]),
  ...duplicateProblems(locations),
]
