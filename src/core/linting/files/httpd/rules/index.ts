import type { HttpdRule } from '../../rule.ts'
import { httpdRouteMissing, httpdRouteRepeated } from './routes.ts'
import { httpdCookieKnown } from './session-cookies.ts'
import { httpdUrlNameMismatch } from './url-name.ts'

export const httpdRules: readonly HttpdRule[] = [
  httpdRouteMissing,
  httpdRouteRepeated,
  httpdUrlNameMismatch,
  httpdCookieKnown,
]
