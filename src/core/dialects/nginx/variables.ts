import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { variableReference, variablesIn } from '../../model/variables.ts'
import { pcreProblem } from '../regular-expressions.ts'
import { report } from './codes.ts'
import { families, knownVariables } from './known-variables.ts'

/** Names of variables consist of letters, digits and `_`. */
export const isVariableName = (name: string): boolean => /^[A-Za-z0-9_]+$/.test(name)

const isKnown = (name: string): boolean =>
  knownVariables.has(name) || families.some((family) => name.startsWith(family))

/**
 * @param isWhole whether the generated files are the whole configuration, so that no other file defines a variable.
 * @param defined variables of existing files, in lower case.
 */
export const checkVariables = (
  text: string,
  path: SpecPath,
  isWhole: boolean,
  defined: ReadonlySet<string>,
  findings: Findings,
): void => {
  if (text.replace(variableReference, '').includes('$')) {
    report(
      findings,
      'nginx-variable',
      atValue(path),
      `"${text}" contains a "$" that does not begin a variable`,
      'remove it: nginx has no escape sequence for "$"; variables are written as in $request_uri',
    )
    return
  }
  for (const name of variablesIn(text).map((each) => each.toLowerCase())) {
    if (isKnown(name) || defined.has(name)) continue
    const near = nearest(name, [...knownVariables])
    report(
      findings,
      isWhole ? 'nginx-variable' : 'nginx-variable-unknown',
      atValue(path),
      `nginx has no variable $${name}`,
      near === null
        ? 'define it in another configuration file of this nginx'
        : `did you mean $${near}?`,
    )
  }
}

/** Why PCRE or nginx certainly rejects an expression; null where no reason is found. */
export const expressionProblem = (pattern: string): string | null => {
  const problem = pcreProblem(pattern)
  if (problem !== null) return problem
  // A named group sets the variable of its name, and built-in ones cannot be set.
  for (const [, name = ''] of pattern.matchAll(/\(\?P?[<'](\w+)[>']/g))
    if (isKnown(name.toLowerCase())) return `the group "${name}" is a built-in variable of nginx`
  return null
}
