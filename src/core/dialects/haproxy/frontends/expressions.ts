import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { expressionShape } from '../../expression-shape.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

const check = (expression: string, at: SpecPath, { findings }: Context): void => {
  const problem = expression === '' ? 'it is empty' : expressionShape(expression)
  if (problem === null) return
  report(
    findings,
    'haproxy-expression',
    atValue(at),
    `HAProxy cannot compile "${expression}": ${problem}`,
    'such as \\.jsp$',
  )
}

/** Expressions of locations and server names that HAProxy would refuse to start with. */
export const checkExpressions = (frontend: Frontend, context: Context): void => {
  for (const { match, path } of frontend.locations)
    if (match.kind.startsWith('~')) check(match.pattern, [...path, 'match'], context)
  for (const [index, name] of frontend.serverNames.entries())
    if (name.startsWith('~'))
      check(name.slice(1), [...frontend.path, 'serverNames', index], context)
}
