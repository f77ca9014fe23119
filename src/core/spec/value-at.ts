import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** The value at the path in the written data; undefined: none. */
export const valueAt = (data: unknown, path: SpecPath): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    data,
  )
