import type * as z from 'zod'
import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { specSchema } from './schema/index.ts'
import { valueAt } from './value-at.ts'

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

/** The schemas for what stands at a path. */
const schemasAt = (path: SpecPath): readonly AnySchema[] =>
  path.reduce<readonly AnySchema[]>(
    (schemas, key) => schemas.flatMap((schema) => child(schema, key)),
    unwrap(specSchema),
  )

/** What is wrong with a value whatever its key: zod does not look at values behind keys that it refuses. */
export const valueIssuesAt = (path: SpecPath, value: unknown): readonly z.core.$ZodIssue[] =>
  schemasAt(path.slice(0, -1)).flatMap((schema) => {
    const { def } = schema._zod as { def: { valueType?: z.ZodType } }
    return def.valueType?.safeParse(value).error?.issues ?? []
  })

/** The keys that the spec knows at a path, in the order of the schema; `data` chooses between the forms. */
export const keysAt = (path: SpecPath, data: unknown): readonly string[] => {
  const value = valueAt(data, path)
  const shapes = schemasAt(path).flatMap((schema) => {
    const { def } = schema._zod as { def: { shape?: Record<string, AnySchema> } }
    return def.shape ? [def.shape] : []
  })
  const meant = shapes.filter((shape) => isMeant(shape, value))
  return [...new Set((meant.length > 0 ? meant : shapes).flatMap((shape) => Object.keys(shape)))]
}
