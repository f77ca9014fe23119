import type * as z from 'zod'
import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { formNamedAt, meaningAt, textProblemAt } from './known-keys.ts'

/** Text that is true or false in other readers of YAML. */
const asBoolean: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
}

/**
 * A number has forgotten how it was written: 1.30 must not come back as advice to write "1.3". And
 * quotes alone do not make a duration of it.
 */
const asText = (value: number | boolean, path: SpecPath): string => {
  const problem = textProblemAt(path, String(value))
  if (problem !== null) return `it ${problem}`
  return typeof value === 'number' && !Number.isInteger(value)
    ? 'put it in quotes as it stands: without them 1.30 is the number 1.3'
    : `put it in quotes: "${value}"`
}

/** `affinity: jvm_route` means `affinity: { method: jvm_route }`. */
const asMap = (value: string, path: SpecPath): string | null => {
  const form = formNamedAt(path, value)
  return form === null ? null : `write ${form}`
}

/** What to write instead of a value of another type; null: nobody knows. */
export const typeRemedy = (
  expected: string,
  value: unknown,
  path: SpecPath,
  isSecret: boolean,
): string | null => {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return isSecret ? 'put it in quotes' : asText(value, path)
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
    return meant === undefined ? null : `write ${meant}`
  }
  const isNumber = expected === 'number' || expected === 'int'
  return isNumber && /^-?\d+(\.\d+)?$/.test(value) ? 'write it without quotes' : null
}

/** What may stand at a key, with the nearest of it first. */
export const choiceRemedy = (key: string, value: unknown, choices: readonly unknown[]): string => {
  const names = choices.map(String)
  const [only = ''] = names
  if (names.length === 1)
    return value === only && value !== choices[0]
      ? 'write it without quotes'
      : `write ${key}: ${only}`
  const near = typeof value === 'string' ? nearest(value, names) : null
  const all = `one of: ${names.join(', ')}`
  return near === null ? all : `did you mean "${near}"? (${all})`
}

/** What a key that is missing is for. */
export const missingRemedy = (path: SpecPath, data: unknown): string | null => {
  const meaning = meaningAt(path, data)
  return meaning === null ? null : `${String(path.at(-1))}: ${meaning}`
}

/**
 * One issue for one mistake. zod also checks the size of a value of the wrong type, and reports a number
 * that is too large for the spec as no safe integer too.
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

/** What to write instead of a text that has not the form it must have; null: its message says it. */
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
  return isAddress && isHost ? `write the port as well, such as ${value}:${portFor(path)}` : null
}

const portFor = (path: SpecPath): number =>
  path[0] === 'stores'
    ? path.includes('addresses')
      ? 6379
      : 11211
    : path.includes('syslog')
      ? 514
      : 8080

/** What to write instead of a number that is too small or too large; null: its message says it. */
export const sizeRemedy = (
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
  path: SpecPath,
): string | null => {
  if (typeof value !== 'number') return null
  if (path.at(-1) === 'weight' && value === 0)
    return 'write state: drain, which keeps its sessions and takes no new ones, or state: down'
  return `write ${String(issue.code === 'too_small' ? issue.minimum : issue.maximum)}`
}
