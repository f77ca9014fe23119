import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { variableReference, variablesIn } from '../../model/variables.ts'
import { report } from './codes.ts'
import { families, knownVariables } from './known-variables.ts'

/** Letters, digits and `_` are all that a variable's name can have. */
export const isVariableName = (name: string): boolean => /^[A-Za-z0-9_]+$/.test(name)

export const isKnownVariable = (name: string): boolean =>
  knownVariables.has(name) || families.some((family) => name.startsWith(family))

/**
 * What is wrong with a text that may hold variables. One that nginx does not know may be defined
 * by another file, unless ours is the whole configuration.
 */
export const variableProblems = (
  text: string,
  path: SpecPath,
  isWhole: boolean,
): readonly Diagnostic[] => {
  if (text.replace(variableReference, '').includes('$')) {
    return [
      report(
        'nginx-variable',
        atValue(path),
        `"${text}" has a "$" that begins no variable`,
        'nginx cannot write a plain "$" there; a variable looks like $request_uri',
      ),
    ]
  }
  return variablesIn(text)
    .map((name) => name.toLowerCase())
    .filter((name) => !isKnownVariable(name))
    .map((name) => {
      const near = nearest(name, [...knownVariables])
      return report(
        isWhole ? 'nginx-variable' : 'nginx-variable-unknown',
        atValue(path),
        `nginx has no variable $${name}`,
        near === null
          ? 'it must be defined by another file of the same nginx'
          : `did you mean $${near}?`,
      )
    })
}
