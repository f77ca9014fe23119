import { atKey, type SpecPath } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { isSecretPath } from '../secrets/keys.ts'
import { report } from './codes.ts'
import { quotedKey } from './known-keys.ts'
import { reportProblems } from './problems.ts'
import { type Spec, specSchema } from './schema/index.ts'

/** The first entries of each map and list. */
const startOf = (data: unknown, entries: number): unknown => {
  if (Array.isArray(data)) return data.slice(0, entries).map((item) => startOf(item, entries))
  if (typeof data !== 'object' || data === null) return data
  const first = Object.entries(data).slice(0, entries)
  return Object.fromEntries(first.map(([key, value]) => [key, startOf(value, entries)]))
}

/** Numbers of entries to check when zod cannot collect the problems of all. */
const entriesTold = [1000, 10_000]

const parse = (data: unknown) => {
  try {
    return specSchema.safeParse(data)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    for (const entries of entriesTold) {
      const result = specSchema.safeParse(startOf(data, entries))
      if (!result.success) return result
    }
    throw error
  }
}

/**
 * Reports a key that is valid YAML but a typing error: `{ method:sticky }` is a key without a value, and
 * `{ // comment` is part of a key.
 */
const isOddKey = (path: SpecPath, key: string, value: unknown, findings: Findings): boolean => {
  if (isSecretPath(path)) return false
  const at = atKey([...path, key])
  if (key.startsWith('//')) {
    report(
      findings,
      'spec-syntax',
      at,
      '"//" does not start a comment in YAML',
      'start the comment with "#", at the end of a line or on a line of its own',
    )
    return true
  }
  const [word = '', rest] = key.split(':')
  const isSlip = rest !== undefined && (/^[[{"']/.test(rest) || (value === null && rest !== ''))
  if (!isSlip || !/^[A-Za-z][\w.-]*$/.test(word)) return false
  const name = quotedKey(word)
  const message = name
    ? `missing space after the colon of ${name}`
    : 'missing space after this colon'
  report(findings, 'spec-syntax', at, message, 'write a space after the colon')
  return true
}

/** Reports the odd keys in all data: otherwise the intended keys would be reported as missing. */
const hasOddKeys = (data: unknown, path: SpecPath, findings: Findings): boolean => {
  if (typeof data !== 'object' || data === null) return false
  const isList = Array.isArray(data)
  const odd = Object.entries(data).filter(
    ([key, value]) =>
      (!isList && isOddKey(path, key, value, findings)) ||
      hasOddKeys(value, [...path, isList ? Number(key) : key], findings),
  )
  return odd.length > 0
}

/** Plain data → spec with its defaults; null when errors are reported. */
export const validateSpec = (data: unknown, findings: Findings): Spec | null => {
  const result = parse(data)
  if (result.success) return result.data
  if (!hasOddKeys(data, [], findings)) reportProblems(result.error, data, findings)
  return null
}
