import type * as z from 'zod'
import type { CertainRemedy, Remedy, SpecEdit, SpecPath } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { formNamedAt, meaningAt, textProblemAt } from './known-keys.ts'

/** Text that other YAML readers read as a boolean. */
const asBoolean: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
}

const certain = (text: string, edit: SpecEdit): CertainRemedy => ({ text, edits: [edit] })

/**
 * The spelling of a number is lost: for 1.30 the remedy must not be to write "1.3". And
 * a number in quotes is still not a duration.
 */
const asText = (value: number | boolean, path: SpecPath): Remedy => {
  const problem = textProblemAt(path, String(value))
  if (problem !== null) return `it ${problem}`
  const help =
    typeof value === 'number' && !Number.isInteger(value)
      ? 'put the value in quotes as it is written: without quotes, 1.30 is the number 1.3'
      : `put the value in quotes: "${value}"`
  return certain(help, { kind: 'quote', path })
}

/** `affinity: jvm_route` means `affinity: { method: jvm_route }`. */
const asMap = (value: string, path: SpecPath): string | null => {
  const form = formNamedAt(path, value)
  return form === null ? null : `write ${form}`
}

/** The remedy for a value of the wrong type; null: none is known. */
export const typeRemedy = (
  expected: string,
  value: unknown,
  path: SpecPath,
  isSecret: boolean,
): Remedy => {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return isSecret ? 'put the value in quotes' : asText(value, path)
  if (
    (expected === 'int' || expected === 'number') &&
    typeof value === 'number' &&
    !Number.isFinite(value)
  )
    return 'write a whole number, such as 1'
  if (expected === 'string' && typeof value === 'object' && value !== null && !isSecret) {
    const inner: unknown = Reflect.get(value, 'key')
    return typeof inner === 'string' ? `write ${String(path.at(-1))}: ${inner}` : null
  }
  if (expected === 'int' && typeof value === 'number' && Number.isFinite(value))
    return `write ${Math.max(1, Math.round(value))}`
  if (expected === 'array' && typeof value === 'string' && value.startsWith('-'))
    return 'write a space after each "-"'
  if (typeof value !== 'string' || isSecret) return null
  if (expected === 'object') return asMap(value, path)
  if (expected === 'boolean') {
    const meant = asBoolean[value.toLowerCase()]
    if (meant === undefined) return null
    return certain(`write ${meant}`, { kind: 'set', path, value: meant })
  }
  const isNumber = expected === 'number' || expected === 'int'
  return isNumber && /^-?\d+(\.\d+)?$/.test(value)
    ? certain('write the value without quotes', { kind: 'unquote', path })
    : null
}

/** The allowed values of a key, with the nearest one first. */
export const choiceRemedy = (key: string, value: unknown, choices: readonly unknown[]): string => {
  const names = choices.map(String)
  const [only = ''] = names
  if (names.length === 1)
    return value === only && value !== choices[0]
      ? 'write the value without quotes'
      : `write ${key}: ${only}`
  const near = typeof value === 'string' ? nearest(value, names) : null
  const all = `one of: ${names.join(', ')}`
  return near === null ? all : `did you mean "${near}"? (${all})`
}

/** The purpose of a missing key. */
export const missingRemedy = (path: SpecPath, data: unknown): string | null => {
  const meaning = meaningAt(path, data)
  return meaning === null ? null : `${String(path.at(-1))}: ${meaning}`
}

/**
 * One issue per mistake. zod also checks the size of a value of the wrong type, and reports a number
 * that is too large for the spec also as not a safe integer.
 */
export const withoutRepeats = (
  issues: readonly z.core.$ZodIssue[],
): readonly z.core.$ZodIssue[] => {
  const keyOf = ({ path }: z.core.$ZodIssue): string => path.join('\0')
  const wrongTypes = new Set(
    issues.filter(({ code }) => code === 'invalid_type' || code === 'invalid_union').map(keyOf),
  )
  const isUnsafe = (issue: z.core.$ZodIssue): boolean =>
    issue.code === 'too_big' && issue.origin === 'int'
  const tooBig = new Set(
    issues.filter((issue) => issue.code === 'too_big' && !isUnsafe(issue)).map(keyOf),
  )
  return issues.filter((issue) => {
    const isSize = issue.code === 'too_small' || issue.code === 'too_big'
    return (
      !(isSize && wrongTypes.has(keyOf(issue))) && !(isUnsafe(issue) && tooBig.has(keyOf(issue)))
    )
  })
}

/** The remedy for a text of the wrong form; null: the message is sufficient. */
export const formRemedy = (path: SpecPath, value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const field = path.findLast((key) => typeof key === 'string')
  const isListener = path[0] === 'frontends' && path[2] === 'listen'
  const [port] = /(?<![.\d])\d{1,5}(?!\S)/.exec(value) ?? []
  if (isListener && port !== undefined && /\b(?:ssl|tls|https|http2|quic)\b/.test(value))
    return `write { address: ${port}, tls: { certificate: /etc/ssl/shop.crt, key: /etc/ssl/shop.key } }`
  if (isListener && port !== undefined) return `write ${port}`
  if (field === 'listen' || path[0] === 'targets') return null
  const isHost = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:]+\])$/.test(value)
  const isAddress =
    field === 'address' || field === 'addresses' || field === 'syslog' || path.at(-2) === 'servers'
  return isAddress && isHost ? `add the port, such as ${value}:${portFor(path)}` : null
}

const portFor = (path: SpecPath): number =>
  path[0] === 'stores'
    ? path.includes('addresses')
      ? 6379
      : 11211
    : path.includes('syslog')
      ? 514
      : 8080

/** The remedy for a number that is too small or too large; null: the message is sufficient. */
export const sizeRemedy = (
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
  path: SpecPath,
): string | null => {
  if (typeof value !== 'number') return null
  if (path.at(-1) === 'weight' && value === 0)
    return 'write state: drain (only requests of existing sessions) or state: down (no requests)'
  return `write ${String(issue.code === 'too_small' ? issue.minimum : issue.maximum)}`
}
