import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'
import { isVariable } from './quote.ts'

/** The text as it is; a finding where httpd would fill in a variable. */
export const literal = (text: string, at: SpecPath, { findings }: Context): string => {
  if (!isVariable(text)) return text
  findings.push(
    report(
      'httpd-variable',
      atValue(at),
      `httpd would take "${/\$\{[^}]*\}/.exec(text)?.[0]}" for a variable, and has no way to write it as text`,
      'leave it out',
    ),
  )
  return text.replaceAll('${', '$')
}
