import { titleOf } from '../programs.ts'
import type { Binding } from './binding.ts'
import { balanced, type Expected } from './expected.ts'
import { flowsByRoute } from './flow.ts'
import { decisive, type Question } from './question.ts'

type TableBinding = Extract<Binding, { readonly kind: 'table' }>

/** The proxy has a table of the servers of sessions; null: it keeps it, and no server has changed. */
export const byTable = (
  before: Binding,
  after: TableBinding,
  { pair, step, targets }: Question,
): Expected | null => {
  if (before.kind !== 'table')
    return balanced(pair, 'method-changed', 'the table of the proxy has no existing session yet')
  if (before.from !== after.from)
    return balanced(pair, 'table-lost', 'the proxy begins a new table of sessions')
  const product = titleOf(targets.after.dialect)
  if (step !== 'none' && !after.keptOver.has(step))
    return balanced(pair, 'table-lost', `${product} loses its table of sessions with a ${step}`)
  if (before.by === after.by && decisive(pair.before) === decisive(pair.after)) return null
  return {
    cause: 'route-lost',
    reason: () => 'the proxy keeps its table of sessions',
    flows: flowsByRoute(pair, before.by, after.by),
    shape: 'internet',
    isComputed: false,
    isUnbound: false,
  }
}
