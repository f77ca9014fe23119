import type * as z from 'zod'
import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { specSchema } from './schema/index.ts'

type AnySchema = z.core.$ZodType

/** The schemas below a key, through the wrappers and all branches that could have been meant. */
const unwrap = (schema: AnySchema): readonly AnySchema[] => {
  const { def } = schema._zod as {
    def: { type: string; innerType?: AnySchema; options?: readonly AnySchema[] }
  }
  if (def.innerType) return unwrap(def.innerType)
  if (def.options) return def.options.flatMap(unwrap)
  return [schema]
}

const child = (schema: AnySchema, key: string | number): readonly AnySchema[] => {
  const { def } = schema._zod as {
    def: {
      type: string
      shape?: Record<string, AnySchema>
      valueType?: AnySchema
      element?: AnySchema
    }
  }
  const next = def.shape ? def.shape[key] : (def.valueType ?? def.element)
  return next ? unwrap(next) : []
}

const literalOf = (schema: AnySchema | undefined): readonly unknown[] | null => {
  if (!schema) return null
  const { def } = schema._zod as { def: { type: string; values?: readonly unknown[] } }
  return def.type === 'literal' ? (def.values ?? null) : null
}

/** A branch is meant when the literals it asks for (method, runtime, kind, …) are the ones written. */
const isMeant = (shape: Record<string, AnySchema>, value: unknown): boolean =>
  Object.entries(shape).every(([key, schema]) => {
    const literals = literalOf(schema)
    return (
      literals === null ||
      (typeof value === 'object' && value !== null && literals.includes(Reflect.get(value, key)))
    )
  })

/** The keys that the spec knows at a path, in the order of the schema; `data` chooses between the forms. */
export const keysAt = (path: SpecPath, data: unknown): readonly string[] => {
  let schemas = unwrap(specSchema)
  let value = data
  for (const key of path) {
    schemas = schemas.flatMap((schema) => child(schema, key))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  }
  const shapes = schemas.flatMap((schema) => {
    const { def } = schema._zod as { def: { shape?: Record<string, AnySchema> } }
    return def.shape ? [def.shape] : []
  })
  const meant = shapes.filter((shape) => isMeant(shape, value))
  return [...new Set((meant.length > 0 ? meant : shapes).flatMap((shape) => Object.keys(shape)))]
}
