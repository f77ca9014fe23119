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

/** For modules that can only count seconds. */
export const foreverProblems = (
  { expires, path }: StickyCookieAffinity,
  title: string,
): Diagnostic[] =>
  expires === 'max'
    ? [
        report(
          'nginx-duration',
          atValue([...path, 'expires']),
          `${title} knows no expires=max`,
          'write a time, such as 3650d',
        ),
      ]
    : []

/** For all that set a cookie of their own, and change none of the application's. */
export const modeProblems = ({ mode, path }: StickyCookieAffinity, title: string): Diagnostic[] =>
  mode === 'insert'
    ? []
    : [
        report(
          'nginx-cookie-mode',
          atValue([...path, 'mode']),
          `${title} cannot ${mode} a cookie, only insert one`,
          "leave mode out; HAProxy and Tengine's session_sticky have it",
        ),
      ]
