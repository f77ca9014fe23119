import { pcreProblem } from '../regular-expressions.ts'
import { isKnownVariable } from './variables.ts'

/** Groups with names become variables, and nginx's own cannot be set. */
const groupProblem = (pattern: string): string | null => {
  for (const [, name = ''] of pattern.matchAll(/\(\?P?[<'](\w+)[>']/g)) {
    if (isKnownVariable(name.toLowerCase())) return `the group "${name}" is a variable of nginx`
  }
  return null
}

/** What surely makes PCRE or nginx refuse an expression; null where nothing does as far as we can see. */
export const expressionProblem = (pattern: string): string | null =>
  pcreProblem(pattern) ?? groupProblem(pattern)
