import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Form, FormInput } from './form.ts'
import { nativeForm } from './native.ts'
import { routeOfSession } from './route-maps.ts'

/** `sticky route` with the variables of the spec: nginx takes the first that is not empty itself. */
export const nativeRoute = ({ affinity, features }: FormInput<StickyRouteAffinity>): Form =>
  nativeForm(
    affinity,
    features,
    () => [],
    () => ({ maps: [], block: { stickyRoute: affinity.from } }),
  )

/** `sticky route` with the route that maps find in the session id. */
export const nativeJvmRoute = ({ affinity, features }: FormInput<JvmRouteAffinity>): Form =>
  nativeForm(
    affinity,
    features,
    () => [],
    ({ upstream, names }) => {
      const { variable, maps, diagnostics } = routeOfSession(affinity, upstream, names)
      return { maps, block: { stickyRoute: [variable] }, route: variable, diagnostics }
    },
  )
