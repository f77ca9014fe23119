import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { report } from '../codes.ts'
import { isWholeSeconds } from '../units.ts'

/** Browsers count in seconds, and so does every directive that sets a cookie. */
export const expiresProblems = ({ expires, path }: StickyCookieAffinity): Diagnostic[] =>
  expires === null || expires === 'max' || (expires.ms > 0 && isWholeSeconds(expires.ms))
    ? []
    : [
        report(
          'nginx-duration',
          atValue([...path, 'expires']),
          'a cookie lives for whole seconds, at least one',
          'such as 1h; leave it out for a cookie that ends with the browser',
        ),
      ]
