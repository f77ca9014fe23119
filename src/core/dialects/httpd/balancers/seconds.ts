import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import { formatDuration } from '../../../model/duration.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'

/** httpd reads them with atoi(), into a time of 32 bits. */
const most = 2_147_483

/** Whole seconds, rounded up; a finding where they overflow. */
export const secondsOf = (ms: number, at: SpecPath, { findings }: Context): number => {
  const seconds = Math.ceil(ms / 1000)
  if (seconds > most) {
    report(
      findings,
      'httpd-duration',
      atValue(at),
      `${formatDuration(ms)} is more than httpd can wait`,
      'at most 24 days',
    )
  }
  return seconds
}
