import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { isVariable } from './quote.ts'

/** The text as it is; a finding where httpd would fill in a variable. */
export const literal = (text: string, at: SpecPath, { findings }: Context): string => {
  // Of headers, lint/rules/header-variable.ts speaks for all dialects.
  const isToldOf = at[2] === 'headers' && /\$\{[A-Za-z_]\w*\}/.test(text)
  if (!isVariable(text)) return text
  if (isToldOf) return text.replaceAll('$\u007b', '$')
  report(
    findings,
    'httpd-variable',
    atValue(at),
    `httpd looks for a variable behind the "$\u007b" of "${text.slice(0, 60)}", and has no way to write it as text`,
    'leave the brace out',
  )
  return text.replaceAll('$\u007b', '$')
}
