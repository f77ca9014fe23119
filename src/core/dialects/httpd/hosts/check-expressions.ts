import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { expressionShape } from '../../expression-shape.ts'
import { isExpression } from '../../location-order.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

/** Expressions of locations that httpd would refuse to start with. */
export const checkExpressions = ({ locations }: Frontend, { findings }: Context): void => {
  for (const location of locations) {
    const { match, path } = location
    const problem = isExpression(location) ? expressionShape(match.pattern) : null
    if (problem === null) continue
    report(
      findings,
      'httpd-expression',
      atValue([...path, 'match']),
      `httpd cannot compile "${match.pattern}": ${problem}`,
      'such as \\.jsp$',
    )
  }
}
