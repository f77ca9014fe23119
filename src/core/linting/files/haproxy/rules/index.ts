import type { HaproxyRule } from '../../rule.ts'
import { haproxySourceBehindProxy } from './client-address.ts'
import {
  haproxyCookieKnown,
  haproxyRouteMissing,
  haproxyRouteRepeated,
  haproxyRouteUnused,
} from './routes.ts'

export const haproxyRules: readonly HaproxyRule[] = [
  haproxyRouteMissing,
  haproxyRouteRepeated,
  haproxyRouteUnused,
  haproxyCookieKnown,
  haproxySourceBehindProxy,
]
