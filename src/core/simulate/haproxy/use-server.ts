import { type SessionSource, sessionReader } from '../session-id.ts'
import { type Affinity, nothingSet, passedOn } from './affinity.ts'
import { wishFor } from './cookie.ts'

/** `use-server` with the route of the session id: jvm_route in HAProxy. */
export const useServer = (
  source: SessionSource,
  routes: ReadonlySet<string>,
  strict: boolean,
): Affinity<null> => {
  const { routeOf } = sessionReader(source, routes)
  return {
    start: () => null,
    wishOf: (_, backend, request) => wishFor(backend, routeOf(request), strict),
    setCookies: nothingSet,
    end: passedOn,
    strict,
  }
}
