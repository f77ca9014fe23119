import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { report } from '../codes.ts'
import { isWholeSeconds } from '../durations.ts'

/** Browsers and all directives that set a cookie use seconds. */
export const checkExpires = ({ expires, path }: StickyCookieAffinity, findings: Findings): void => {
  if (expires === null || expires === 'max' || (expires.ms > 0 && isWholeSeconds(expires.ms)))
    return
  report(
    findings,
    'nginx-duration',
    atValue([...path, 'expires']),
    'the lifetime of a cookie is a whole number of seconds, at least 1',
    'write whole seconds, such as 1h, or leave expires out for a cookie that ends with the browser',
  )
}

/** For modules without `expires=max`. */
export const checkExpiresMax = (
  { expires, path }: StickyCookieAffinity,
  title: string,
  findings: Findings,
): void => {
  if (expires !== 'max') return
  report(
    findings,
    'nginx-duration',
    atValue([...path, 'expires']),
    `${title} does not support "expires: max"`,
    'write a time, such as 3650d',
  )
}

/** For implementations that set their own cookie only. */
export const checkMode = (
  { mode, path }: StickyCookieAffinity,
  title: string,
  findings: Findings,
): void => {
  if (mode === 'insert') return
  report(
    findings,
    'nginx-cookie-mode',
    atValue([...path, 'mode']),
    `${title} does not support mode "${mode}" of a cookie, only "insert"`,
    'leave mode out, or use HAProxy or session_sticky of Tengine',
  )
}
