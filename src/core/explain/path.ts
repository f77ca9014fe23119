import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { keysAt } from '../spec/known-keys.ts'
import { valueAt } from '../spec/value-at.ts'

/** A path of the command line. */
export type ReadPath =
  | { readonly kind: 'path'; readonly path: SpecPath }
  | { readonly kind: 'unknown'; readonly message: string; readonly help: string }

/** The keys of the spec that can be named at the start of a path. */
export const firstKeys: readonly string[] = keysAt([], {})

/** The keys that the data has at a path, and those that the spec knows there. */
const possibleKeys = (path: SpecPath, data: unknown): readonly string[] => {
  const value = valueAt(data, path)
  if (Array.isArray(value)) return [...value.keys()].map(String)
  const written = typeof value === 'object' && value !== null ? Object.keys(value) : []
  return [...new Set([...written, ...keysAt(path, data)])]
}

const isIndexed = (path: SpecPath, data: unknown): boolean => Array.isArray(valueAt(data, path))

/** Names of the spec may contain dots: the longest key that fits is meant. */
const nextKey = (rest: string, keys: readonly string[]): string | null =>
  keys
    .filter((key) => rest === key || rest.startsWith(`${key}.`))
    .sort((a, b) => b.length - a.length)[0] ?? null

const unknownKey = (path: SpecPath, rest: string, keys: readonly string[]): ReadPath => {
  const [word = rest] = rest.split('.')
  const where = path.length === 0 ? 'the spec' : `"${path.join('.')}"`
  if (keys.length === 0)
    return {
      kind: 'unknown',
      message: `"${path.join('.')}" is a single value and has no "${word}"`,
      help: `use sessctl explain ${path.join('.')}`,
    }
  // Of a list, the keys are numbers.
  const help = /^\d+$/.test(keys[0] ?? '')
    ? `use a number from 0 to ${keys.length - 1}`
    : didYouMean(word, keys)
  return { kind: 'unknown', message: `${where} has no "${word}"`, help }
}

/**
 * Reads a path such as `upstreams.shop.affinity` or `frontends.web.locations[0]`. A field that is not
 * written in the data can be named, too.
 * @param data the spec as written.
 */
export const readPath = (text: string, data: unknown): ReadPath => {
  let path: SpecPath = []
  let rest = text.replace(/\[(\d+)\]/g, '.$1')
  while (rest !== '') {
    const keys = possibleKeys(path, data)
    const key = nextKey(rest, keys)
    if (key === null) return unknownKey(path, rest, keys)
    path = [...path, isIndexed(path, data) ? Number(key) : key]
    rest = rest.slice(key.length + 1)
  }
  return { kind: 'path', path }
}
