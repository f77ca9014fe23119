import type { YAMLError } from 'yaml'
import type { Findings } from '../../diagnostics/findings.ts'
import { report } from '../codes.ts'
import { scan } from './flow.ts'
import { lineMistake } from './lines.ts'
import type { Mistake } from './mistake.ts'
import { firstError } from './reader-errors.ts'

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** Editors do not show these characters, and no dialect can contain them. */
const control = /(?![\t\n\r])\p{Cc}/u

const controlCharacter = (text: string): Mistake | null => {
  const at = text.search(control)
  return at === -1
    ? null
    : {
        start: at,
        end: at + 1,
        message: `a control character (U+${text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}) is not allowed`,
        help: 'remove it',
      }
}

/**
 * A mistake that is found here must explain what the YAML reader ran into: it is at that position or before,
 * or on the next line, where a value continues that the reader took for a key.
 */
const cause = (text: string, error: Mistake): Mistake => {
  const { mistake, inner } = scan(text)
  const candidates = [controlCharacter(text), mistake, lineMistake(text, inner)]
    .filter((found) => found !== null)
    .filter(({ start }) => start <= lineEnd(text, lineEnd(text, error.start) + 1))
    .toSorted((a, b) => a.start - b.start)
  return candidates[0] ?? error
}

/**
 * Reports one mistake in a text that is not YAML. The YAML reader reports where it could
 * not continue, which is often far after the cause, and reports many consequences.
 */
export const checkSyntax = (
  text: string,
  errors: readonly YAMLError[],
  findings: Findings,
): boolean => {
  const error = firstError(errors)
  if (error === null) return false
  const { start, end, message, help } = cause(text, error)
  report(findings, 'spec-syntax', { kind: 'text', start, end }, message, help)
  return true
}
