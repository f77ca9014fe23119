import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { oddKeys } from './odd-keys.ts'
import { problemsOf } from './problems.ts'
import { type Spec, specSchema } from './schema/index.ts'

type Validated =
  | { readonly success: true; readonly data: Spec }
  | { readonly success: false; readonly diagnostics: readonly Diagnostic[] }

/** The first entries of each map and list. */
const startOf = (data: unknown, entries: number): unknown => {
  if (Array.isArray(data)) return data.slice(0, entries).map((item) => startOf(item, entries))
  if (typeof data !== 'object' || data === null) return data
  const first = Object.entries(data).slice(0, entries)
  return Object.fromEntries(first.map(([key, value]) => [key, startOf(value, entries)]))
}

/** More problems than this many entries can have are more than zod can collect, or anybody reads. */
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

/** Plain data → spec with its defaults, or all that is wrong with it. */
export const validateSpec = (data: unknown): Validated => {
  const result = parse(data)
  if (result.success) return { success: true, data: result.data }
  const odd = oddKeys(data)
  return { success: false, diagnostics: odd.length > 0 ? odd : problemsOf(result.error, data) }
}
