import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { formatDuration } from '../../model/duration.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { isVariable } from './quote.ts'

/** The same text; reported where httpd would replace a variable in it. */
export const literal = (text: string, at: SpecPath, { findings }: Context): string => {
  if (!isVariable(text)) return text
  report(
    findings,
    'httpd-variable',
    atValue(at),
    `httpd reads the "$\u007b" in "${text.slice(0, 60)}" as the beginning of a variable, and has no escape for it`,
    'remove the brace',
  )
  return text.replaceAll('$\u007b', '$')
}

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
      `${formatDuration(ms)} is too long for httpd`,
      'use at most 24 days',
    )
  }
  return seconds
}
