import type * as z from 'zod'
import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { secretsInText } from '../secrets/in-text.ts'
import { isSecretPath } from '../secrets/keys.ts'
import { starred } from '../secrets/spans.ts'

export const typeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return (
    { object: 'a map', string: 'text', number: 'a number', boolean: 'true or false' }[
      typeof value as string
    ] ?? typeof value
  )
}

/** The value itself where a number is expected: it is not a whole number, or not finite. */
export const notThatType = (expected: string, value: unknown): string => {
  if (typeof value !== 'number' || (expected !== 'number' && expected !== 'int'))
    return typeName(value)
  return String(value)
}

export const expectedName: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
}

/** What the user wrote, and the values in it that no message may quote. */
export interface Written {
  readonly data: unknown
  readonly secrets: ReadonlySet<unknown>
}

/** Messages quote values, shortened to 80 characters; a secret is never quoted, even where it is repeated. */
export const quoted = (value: unknown, path: SpecPath, { secrets }: Written): string => {
  if (isSecretPath(path) || secrets.has(value)) return 'the value'
  const whole = typeof value === 'string' ? JSON.stringify(value) : String(value)
  const text = starred(whole, secretsInText(whole))
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** The name of the nearest key: for an item of a list, the name of the list. */
export const last = (path: SpecPath): string =>
  path.findLast((key) => typeof key === 'string') ?? 'the spec'

export const sizeMessage = (
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
  path: SpecPath,
  written: Written,
): string => {
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return `"${last(path)}" must not be an empty list`
    if (issue.origin === 'string') return `"${last(path)}" must not be empty`
    return `${quoted(value, path, written)} is too small for "${last(path)}": at least ${String(issue.minimum)}`
  }
  if (issue.origin === 'string')
    return `"${last(path)}" is too long: at most ${String(issue.maximum)} characters`
  return `${quoted(value, path, written)} is too large for "${last(path)}": at most ${String(issue.maximum)}`
}
