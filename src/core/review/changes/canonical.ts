import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { durationMs } from '../../model/duration.ts'
import { sizeBytes } from '../../model/size.ts'

/*
 * A spec can say the same in several forms: `60s` or `1m`, `app1: 10.0.0.1:8080` or an object with an
 * address. Two specs are compared in one form.
 */

export type SpecMap = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is SpecMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The names after the change of what the side before it refers to. */
export interface NewNames {
  readonly upstreams: ReadonlyMap<string, string>
  readonly stores: ReadonlyMap<string, string>
}

const listed = (value: unknown): unknown => (Array.isArray(value) ? value : [value])

const listener = (value: unknown): unknown =>
  isMap(value)
    ? { ...value, address: String(value['address']) }
    : { address: String(value), proxyProtocol: false }

/** Short forms of fields, by their key. */
const longForms: Readonly<Record<string, (value: unknown) => unknown>> = {
  listen: (value) => (Array.isArray(value) ? value.map(listener) : value),
  redirectToHttps: (value) => (value === true ? { code: 301 } : value),
  basicAuth: (value) => (typeof value === 'string' ? { file: value } : value),
  create: listed,
  lookup: listed,
}

const renamed = (key: string, value: unknown, names: NewNames): unknown => {
  if (typeof value !== 'string') return value
  if (key === 'upstream' || key === 'status') return names.upstreams.get(value) ?? value
  return key === 'use' ? (names.stores.get(value) ?? value) : value
}

/** The value in its long form, with the new names. */
export const canonical = (value: unknown, names: NewNames): unknown => {
  if (Array.isArray(value)) return value.map((item) => canonical(item, names))
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => {
      const long = longForms[key]?.(own) ?? own
      return [key, canonical(renamed(key, long, names), names)]
    }),
  )
}

/** The short form of a server is its address. */
export const canonicalServer = (value: unknown): unknown =>
  typeof value === 'string' ? { address: value, resolve: false, weight: 1, state: 'up' } : value

const duration = /^\d+(?:ms|s|m|h|d)$/
const size = /^\d+[kKmMgG]?$/
const sizes: readonly unknown[] = ['zone', 'maxBodySize', 'responseHeaders', 'sessionCache']

/** Texts of the user, below names that the user chose: they are compared as they are. */
const isFreeText = (path: SpecPath): boolean =>
  path.slice(0, -1).some((key) => key === 'headers' || key === 'responseHeaders')

const sameText = (was: string, is: string, path: SpecPath): boolean => {
  if (was === is) return true
  const key = path.at(-1)
  if (isFreeText(path) || typeof key !== 'string') return false
  if (sizes.includes(key))
    return size.test(was) && size.test(is) && sizeBytes(was) === sizeBytes(is)
  return duration.test(was) && duration.test(is) && durationMs(was) === durationMs(is)
}

/** Whether two values of a place mean the same, whatever the order of keys and the unit of a duration. */
export const sameMeaning = (was: unknown, is: unknown, path: SpecPath): boolean => {
  if (was === is) return true
  if (typeof was === 'string' && typeof is === 'string') return sameText(was, is, path)
  if (Array.isArray(was) && Array.isArray(is))
    return (
      was.length === is.length &&
      was.every((item, index) => sameMeaning(item, is[index], [...path, index]))
    )
  if (!isMap(was) || !isMap(is)) return false
  const keys = Object.keys({ ...was, ...is })
  return keys.every((key) => sameMeaning(was[key], is[key], [...path, key]))
}
