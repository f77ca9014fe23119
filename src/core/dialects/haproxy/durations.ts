import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { formatDuration } from '../../model/duration.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'

const longest = 2_147_483_647

const tooLong = (path: SpecPath, written: string, limit: string, { findings }: Context): void => {
  report(findings, 'haproxy-duration', atValue(path), `${written} is too long for HAProxy`, limit)
}

/** A timer, such as `3s`; a finding where it overflows, or where nothing is no time for it. */
export const timer = (ms: number, path: SpecPath, context: Context): string => {
  const text = formatDuration(ms)
  if (ms === 0) {
    report(
      context.findings,
      'haproxy-duration',
      atValue(path),
      'HAProxy needs a duration above 0 here',
      'write a duration such as 3s',
    )
  }
  if (ms > longest) tooLong(path, text, 'use at most 24 days (2147483647 ms)', context)
  return text
}

/** The seconds of a cookie must not overflow. */
export const checkCookieAge = (ms: number, path: SpecPath, context: Context): void => {
  if (Math.ceil(ms / 1000) > longest)
    tooLong(path, formatDuration(ms), 'use at most 24855 days', context)
}
