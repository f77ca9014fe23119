import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { jsonSchema } from '../../../src/core/spec/json-schema.ts'

const specs = new URL('../../../fixtures/specs/', import.meta.url)
const validate = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(
  jsonSchema(),
)

const check = (text: string): boolean => validate(parse(text))

interface Schema {
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** Every key that an editor can complete, as a path, with what the editor can say about it. */
const keysOf = (
  schema: Schema,
  path: string,
): readonly (readonly [string, string | undefined])[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    [`${path}.${key}`, inner.description] as const,
    ...keysOf(inner, `${path}.${key}`),
  ]),
  ...(typeof schema.additionalProperties === 'object'
    ? keysOf(schema.additionalProperties, `${path}.*`)
    : []),
  ...(schema.items ? keysOf(schema.items, `${path}[]`) : []),
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((inner) => keysOf(inner, path)),
]

describe('the JSON Schema', () => {
  test.each(readdirSync(specs).filter((name) => name.endsWith('.yaml')))('accepts %s', (name) => {
    expect(check(readFileSync(new URL(name, specs), 'utf8'))).toBe(true)
  })

  test.each([
    ['an unknown key', 'method: ip_hash }', 'method: ip_hash, expires: 1h }'],
    ['a wrong type', '"1.22.1"', '1.22'],
    ['an unknown method', 'method: ip_hash', 'method: iphash'],
    ['a bad address', '192.168.12.10:8080', '192.168.12.10'],
  ])('refuses %s', (_, from, to) => {
    const text = readFileSync(new URL('ip-hash.yaml', specs), 'utf8')
    expect(text).toContain(from)
    expect(check(text.replace(from, to))).toBe(false)
  })

  test('is draft 7, and describes every key', () => {
    const schema = jsonSchema() as Schema & { readonly $schema: string }
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    const keys = keysOf(schema, '')
    expect(keys.length).toBeGreaterThan(150)
    expect(keys.filter(([, description]) => description === undefined).map(([key]) => key)).toEqual(
      [],
    )
  })
})

/** The values that yaml-language-server offers: it looks into the branches of a union, and no deeper. */
const offered = (schema: Schema, key: string): readonly unknown[] =>
  [
    ...new Set(
      [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(({ properties }) => {
        const value = properties?.[key]
        return value === undefined ? [] : [value.const, ...(value.enum ?? [])]
      }),
    ),
  ].filter((value) => value !== undefined)

/** Every schema in a schema. */
const schemasIn = (schema: Schema): readonly Schema[] => [
  schema,
  ...[
    ...Object.values(schema.properties ?? {}),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
    ...(schema.items ? [schema.items] : []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ].flatMap(schemasIn),
]

describe('completion in an editor', () => {
  const schema = jsonSchema() as Schema
  test('offers every method of affinity', () => {
    const upstream = schema.properties?.['upstreams']?.additionalProperties as Schema
    const affinity = upstream.properties?.['affinity']
    expect(affinity && offered(affinity, 'method')).toEqual([
      'none',
      'ip_hash',
      'hash',
      'jvm_route',
      'sticky',
    ])
    expect(affinity && offered(affinity, 'by')).toEqual(['cookie', 'route', 'learn'])
  })
  test('includes all branches: no union has a union as a branch', () => {
    const branches = schemasIn(schema).flatMap(({ oneOf = [] }) => oneOf)
    expect(branches.length).toBeGreaterThan(10)
    expect(branches.filter(({ oneOf, anyOf }) => oneOf ?? anyOf)).toEqual([])
  })
})
