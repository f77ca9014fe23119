import type * as z from 'zod'
import { specSchema } from '../../../src/core/spec/schema/index.ts'
import { samplesOf } from './samples.ts'

type AnySchema = z.core.$ZodType
type Path = readonly (string | number)[]

/** A field of the spec at each possible place, with values of different meanings. */
export interface Field {
  readonly path: Path
  readonly values: readonly unknown[]
}

interface Def {
  readonly innerType?: AnySchema
  readonly shape?: Readonly<Record<string, AnySchema>>
  readonly options?: readonly AnySchema[]
  readonly element?: AnySchema
  readonly valueType?: AnySchema
}

const defOf = (schema: AnySchema): Def => schema._zod.def as unknown as Def

/** Without what makes it optional. */
const unwrap = (schema: AnySchema): AnySchema => {
  const { innerType } = defOf(schema)
  return innerType === undefined ? schema : unwrap(innerType)
}

/** Of a union the form in which the value is written. */
const meant = (schema: AnySchema, value: unknown): AnySchema => {
  const bare = unwrap(schema)
  const { options } = defOf(bare)
  if (options === undefined) return bare
  const found = options.find((option) => accepts(option, value))
  if (found === undefined) throw new Error(`no form of the schema takes ${JSON.stringify(value)}`)
  return meant(found, value)
}

const accepts = (schema: AnySchema, value: unknown): boolean =>
  (schema as z.ZodType).safeParse(value).success

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every field of the schema below a value: those that are written, and those that could be. */
const fieldsBelow = (schema: AnySchema, value: unknown, path: Path): readonly Field[] => {
  if (Array.isArray(value)) {
    const { element } = defOf(meant(schema, value))
    return element === undefined
      ? []
      : value.flatMap((item, index) => fieldsBelow(element, item, [...path, index]))
  }
  if (!isMap(value)) return []
  const { shape, valueType } = defOf(meant(schema, value))
  const entries =
    valueType === undefined
      ? Object.entries(shape ?? {})
      : Object.keys(value).map((key) => [key, valueType] as const)
  return entries.flatMap(([key, inner]) => {
    // Their values are in the language of a target: test/unit/core/snippets.test.ts.
    if (key === 'snippets') return []
    const values = samplesOf(unwrap(inner), key)
    const at = [...path, key]
    const own = values.length < 2 ? [] : [{ path: at, values }]
    return [...own, ...fieldsBelow(inner, value[key], at)]
  })
}

export const fieldsOf = (spec: object): readonly Field[] => fieldsBelow(specSchema, spec, [])

/** The data with another value at the path; undefined takes it out. */
export const withValue = (data: unknown, path: Path, value: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(data))
    return data.map((item, index) => (index === key ? withValue(item, rest, value) : item))
  const map = isMap(data) ? data : {}
  const inner = withValue(map[key], rest, value)
  const others = Object.entries(map).map(([name, item]) => [name, name === key ? inner : item])
  const entries = key in map ? others : [...others, [key, inner]]
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
}
