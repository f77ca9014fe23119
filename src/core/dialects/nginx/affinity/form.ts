import { Findings } from '../../../diagnostics/findings.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { NginxTarget } from '../../../model/target.ts'
import { featuresOf } from '../features.ts'
import { chooseImplementation } from './choose.ts'
import type { Implementation } from './implementation.ts'

/** How nginx implements the affinity of an upstream. */
export interface NginxForm {
  readonly via: Implementation['via']
  /** Without the release: `the built-in "sticky route"`. */
  readonly title: string
  /** Servers are identified by their routes, not by their addresses. */
  readonly usesRoutes: boolean
}

/** The form that is chosen for an upstream; null: the target has none. */
export const nginxForm = (upstream: Upstream, target: NginxTarget): NginxForm | null => {
  const features = featuresOf(target)
  const chosen = chooseImplementation(upstream, features, new Findings())
  return chosen === null
    ? null
    : {
        via: chosen.via,
        title: chosen.title.replace(` of ${features.label}`, ''),
        usesRoutes: chosen.capabilities.routes,
      }
}
