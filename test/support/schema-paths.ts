import type * as z from 'zod'
import { specSchema } from '../../src/core/spec/schema/index.ts'
import { pathReaders } from '../../src/core/spec/schema/primitives.ts'

type Schema = z.core.$ZodType

export interface TextField {
  /** Keys from the root; `*` is any name, `#` any item. */
  readonly path: readonly string[]
  readonly reader: 'sessctl' | 'build-nginx' | 'server' | null
  readonly description: string
}

const innerOf = (schema: Schema): readonly (readonly [key: string | null, inner: Schema])[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape)
    case 'record':
      return [['*', def.valueType]]
    case 'array':
      return [['#', def.element]]
    case 'union':
      return def.options.map((option) => [null, option])
    case 'intersection':
      return [
        [null, def.left],
        [null, def.right],
      ]
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return [[null, def.innerType]]
    case 'pipe':
      return [[null, def.in]]
    case 'lazy':
      return [[null, def.getter()]]
    default:
      return []
  }
}

const walk = (schema: Schema, path: readonly string[], found: TextField[]): void => {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'string') {
    const reader = pathReaders.get(schema)?.reader ?? null
    found.push({ path, reader, description: (schema as z.ZodType).description ?? '' })
  }
  for (const [key, inner] of innerOf(schema))
    walk(inner, key === null ? path : [...path, key], found)
}

/** Every text of the spec, as its schema has it. */
export const textFields = (): readonly TextField[] => {
  const found: TextField[] = []
  walk(specSchema, [], found)
  return found
}

/** The paths that somebody opens, each once. */
export const pathsReadBy = (reader: TextField['reader']): readonly string[] => [
  ...new Set(
    textFields().flatMap((field) => (field.reader === reader ? field.path.join('.') : [])),
  ),
]

/** A copy of a spec with a value at such a path. */
export const withValue = (spec: unknown, path: readonly string[], value: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (key === '#') return [withValue(undefined, rest, value)]
  const parent = typeof spec === 'object' && spec !== null ? spec : {}
  const name = key === '*' ? (Object.keys(parent)[0] ?? 'one') : key
  const before = (parent as Record<string, unknown>)[name]
  return { ...parent, [name]: withValue(before, rest, value) }
}
