import type * as z from 'zod'
import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { specSchema } from './schema/index.ts'
import { valueAt } from './value-at.ts'

type AnySchema = z.core.$ZodType
type Shape = Readonly<Record<string, AnySchema>>

/** The schemas below a key, through wrappers and all possible branches. */
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

/** A branch is meant if its literals (method, runtime, kind, …) are in the value. */
const isMeant = (shape: Shape, value: unknown): boolean =>
  Object.entries(shape).every(([key, schema]) => {
    const literals = literalOf(schema)
    return (
      literals === null ||
      (typeof value === 'object' && value !== null && literals.includes(Reflect.get(value, key)))
    )
  })

/** The schemas of the value at a path. */
const schemasAt = (path: SpecPath): readonly AnySchema[] =>
  path.reduce<readonly AnySchema[]>(
    (schemas, key) => schemas.flatMap((schema) => child(schema, key)),
    unwrap(specSchema),
  )

/** The issues of a value with an invalid key: zod does not check such values. */
export const valueIssuesAt = (path: SpecPath, value: unknown): readonly z.core.$ZodIssue[] =>
  schemasAt(path.slice(0, -1)).flatMap((schema) => {
    const { def } = schema._zod as { def: { valueType?: z.ZodType } }
    return def.valueType?.safeParse(value).error?.issues ?? []
  })

const shapesAt = (path: SpecPath): readonly Shape[] =>
  schemasAt(path).flatMap((schema) => {
    const { def } = schema._zod as { def: { shape?: Shape } }
    return def.shape ? [def.shape] : []
  })

/** The forms that match the literals in the data; all forms if none matches. */
const meantShapesAt = (path: SpecPath, data: unknown): readonly Shape[] => {
  const shapes = shapesAt(path)
  const value = valueAt(data, path)
  const meant = shapes.filter((shape) => isMeant(shape, value))
  return meant.length > 0 ? meant : shapes
}

/** The keys that the spec knows at a path, in the order of the schema; `data` chooses between the forms. */
export const keysAt = (path: SpecPath, data: unknown): readonly string[] => [
  ...new Set(meantShapesAt(path, data).flatMap((shape) => Object.keys(shape))),
]

/** The description of the value at a path; null: none. */
export const meaningAt = (path: SpecPath, data: unknown): string | null => {
  const key = String(path.at(-1))
  const [shape] = meantShapesAt(path.slice(0, -1), data)
  return (shape?.[key] as z.ZodType | undefined)?.description ?? null
}

/** The map that a word stands for at a path: `{ method: sticky, by: cookie }` for `cookie`. */
export const formNamedAt = (path: SpecPath, word: string): string | null => {
  const forms = shapesAt(path).map((shape) =>
    Object.entries(shape).flatMap(([key, schema]) => {
      const [literal] = literalOf(schema) ?? []
      return literal === undefined ? [] : [[key, literal] as const]
    }),
  )
  const named = forms.find((literals) => literals.some(([, literal]) => literal === word))
  return named ? `{ ${named.map(([key, literal]) => `${key}: ${literal}`).join(', ')} }` : null
}

/** Why a text is not valid at a path; null: it is valid. */
export const textProblemAt = (path: SpecPath, text: string): string | null => {
  const results = schemasAt(path).map((schema) => (schema as z.ZodType).safeParse(text))
  if (results.some(({ success }) => success)) return null
  const issues = results.flatMap(({ error }) => error?.issues ?? [])
  return issues.find(({ code }) => code === 'invalid_format')?.message ?? null
}

interface SchemaParts {
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
}

const collectKeys = (schema: z.core.$ZodType, words: Set<string>): ReadonlySet<string> => {
  const { innerType, options, shape, valueType, element } = schema._zod.def as SchemaParts
  for (const key of Object.keys(shape ?? {})) words.add(key)
  for (const below of [
    innerType,
    valueType,
    element,
    ...(options ?? []),
    ...Object.values(shape ?? {}),
  ])
    if (below) collectKeys(below, words)
  return words
}

let schemaKeys: ReadonlySet<string> | null = null

/** The word in quotes if it is a key of the spec; otherwise null, because it may be part of a secret. */
export const quotedKey = (word: string): string | null => {
  schemaKeys ??= collectKeys(specSchema, new Set())
  return schemaKeys.has(word) ? `"${word}"` : null
}
