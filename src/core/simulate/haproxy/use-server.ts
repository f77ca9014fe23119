import type { RouteReader } from '../session-id.ts'
import { type Affinity, nothingSet, passedOn } from './affinity.ts'
import { wishFor } from './cookie.ts'

/** `use-server` with the route of the request: jvm_route and `sticky` by route in HAProxy. */
export const useServer = (
  reader: RouteReader,
  routes: ReadonlySet<string>,
  strict: boolean,
): Affinity<null> => {
  const routeOf = reader(routes)
  return {
    start: () => null,
    wishOf: (_, backend, request) => wishFor(backend, routeOf(request), strict),
    setCookies: nothingSet,
    end: passedOn,
    strict,
  }
}
