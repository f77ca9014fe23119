import type { TogetherRule } from '../rule.ts'
import { idleConnections } from './idle-connections.ts'
import { managerOverruled, notDistributable } from './managers.ts'
import { jvmRouteMissing, jvmRouteRepeated, routeUnmatched } from './routes.ts'
import { affinityCookieClash, cookieNameMismatch } from './session-cookies.ts'

export const togetherRules: readonly TogetherRule[] = [
  jvmRouteRepeated,
  jvmRouteMissing,
  routeUnmatched,
  cookieNameMismatch,
  affinityCookieClash,
  managerOverruled,
  notDistributable,
  idleConnections,
]
