import type { Rule } from '../rule.ts'
import { affinityCookieClash } from './affinity-cookie-clash.ts'
import { affinityCookieDropped } from './affinity-cookie-dropped.ts'
import { cookieNameMismatch } from './cookie-name-mismatch.ts'
import { fieldsOfOtherTargets } from './fields-of-other-targets.ts'
import { hashBySessionCookie } from './hash-by-session-cookie.ts'
import { localRemapped } from './local-remapped.ts'
import { localSingleCopy } from './local-single-copy.ts'
import { localWithoutAffinity } from './local-without-affinity.ts'
import { restrictionBypass } from './restriction-bypass.ts'
import { routeAtTheWrongEnd } from './route-at-the-wrong-end.ts'
import { unusedParts } from './unused-parts.ts'
import { urlNameMismatch } from './url-name-mismatch.ts'

/** Rules over the cluster, whatever the target; each has a bad and a good fixture. */
export const rules: readonly Rule[] = [
  affinityCookieClash,
  affinityCookieDropped,
  cookieNameMismatch,
  fieldsOfOtherTargets,
  hashBySessionCookie,
  localRemapped,
  localSingleCopy,
  localWithoutAffinity,
  restrictionBypass,
  routeAtTheWrongEnd,
  unusedParts,
  urlNameMismatch,
]
