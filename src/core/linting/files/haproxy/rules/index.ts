import type { HaproxyRule } from '../../rule.ts'
import { haproxySourceBehindProxy } from './client-address.ts'
import { haproxyRetryRepeats } from './requests.ts'
import {
  haproxyCookieKnown,
  haproxyRouteMissing,
  haproxyRouteRepeated,
  haproxyRouteUnused,
} from './routes.ts'
import { haproxyBalanceTwice, haproxyKeyIssued } from './session-cookies.ts'

export const haproxyRules: readonly HaproxyRule[] = [
  haproxyBalanceTwice,
  haproxyRouteMissing,
  haproxyRouteRepeated,
  haproxyRouteUnused,
  haproxyCookieKnown,
  haproxyKeyIssued,
  haproxySourceBehindProxy,
  haproxyRetryRepeats,
]
