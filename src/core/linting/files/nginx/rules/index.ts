import type { NginxRule } from '../../rule.ts'
import { ipHashBehindProxy, ipHashOneNetwork } from './client-address.ts'
import { balanceAfterSticky, balanceTwice } from './method-order.ts'
import { directiveTooNew } from './releases.ts'
import { hostUnderscore, keepaliveWithoutHeaders, nextUpstreamRepeats } from './requests.ts'
import { routeMissing, routeRepeated } from './routes.ts'
import { affinityCookieKnown, hashOfSessionCookie } from './session-cookies.ts'
import { urlNameMismatch } from './url-name.ts'

export const nginxRules: readonly NginxRule[] = [
  balanceAfterSticky,
  balanceTwice,
  routeMissing,
  routeRepeated,
  urlNameMismatch,
  hashOfSessionCookie,
  affinityCookieKnown,
  ipHashBehindProxy,
  ipHashOneNetwork,
  hostUnderscore,
  nextUpstreamRepeats,
  keepaliveWithoutHeaders,
  directiveTooNew,
]
