import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { type Rule, setVariable } from '../rules.ts'
import { requestSample, requestVariables } from '../variables.ts'
import { type AffinityView, noAffinity } from './affinity-view.ts'
import { routeSample } from './jvm-route.ts'
import { refuseDown } from './strict.ts'

const hasNoRoute = ['!{', routeSample, '-m', 'found', '}']

/** The first variable that is not empty names the server. */
const routeRules = (affinity: StickyRouteAffinity, context: Context): readonly Rule[] =>
  affinity.from.flatMap((variable, index) => {
    const sample = requestSample(variable.slice(1), context.features)
    if (sample === null) {
      report(
        context.findings,
        'haproxy-route-variable',
        atValue([...affinity.path, 'from', index]),
        `HAProxy has no equivalent of ${variable}`,
        `known: ${requestVariables}`,
      )
      return []
    }
    const isNotEmpty = ['{', sample, '-m', 'len', 'gt', '0', '}']
    return [
      setVariable('txn.route', sample, index === 0 ? isNotEmpty : [...hasNoRoute, ...isNotEmpty]),
    ]
  })

export const stickyRouteView = (
  affinity: StickyRouteAffinity,
  upstream: Upstream,
  context: Context,
): AffinityView => {
  const strict =
    affinity.onFailure === 'strict' ? refuseDown(upstream, routeSample) : { acls: [], rules: [] }
  return {
    ...noAffinity,
    usesServer: true,
    acls: strict.acls,
    rules: [...routeRules(affinity, context), ...strict.rules],
  }
}
