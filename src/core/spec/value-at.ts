import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** What stands at the path in data as it was written; undefined: nothing. */
export const valueAt = (data: unknown, path: SpecPath): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    data,
  )
