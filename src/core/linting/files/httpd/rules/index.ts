import type { HttpdRule } from '../../rule.ts'
import { httpdRouteMissing, httpdRouteRepeated, httpdUrlNameMismatch } from './routes.ts'
import { httpdCookieKnown } from './session-cookies.ts'

export const httpdRules: readonly HttpdRule[] = [
  httpdRouteMissing,
  httpdRouteRepeated,
  httpdUrlNameMismatch,
  httpdCookieKnown,
]
