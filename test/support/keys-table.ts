import { jsonSchema } from '../../src/core/spec/json-schema.ts'

interface Schema {
  readonly description?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

const branches = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? []

const valuesOf = (schema: Schema): readonly string[] => {
  if (schema.const !== undefined) return [`\`${String(schema.const)}\``]
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``)
  if (branches(schema).length > 0) return branches(schema).flatMap(valuesOf)
  if (schema.type === 'array')
    return schema.items ? valuesOf(schema.items).map((value) => `list of ${value}`) : ['list']
  if (schema.type === 'object') return ['map']
  if (schema.type === 'string') return ['text']
  return [schema.type === 'boolean' ? '`true`, `false`' : 'number']
}

interface Row {
  readonly values: Set<string>
  readonly texts: Set<string>
  readonly standards: Set<string>
}

const collect = (schema: Schema, path: string, rows: Map<string, Row>): void => {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const name = path === '' ? key : `${path}.${key}`
    const row = rows.get(name) ?? { values: new Set(), texts: new Set(), standards: new Set() }
    for (const value of valuesOf(inner)) row.values.add(value)
    if (inner.description !== undefined) row.texts.add(inner.description)
    if (inner.default !== undefined && typeof inner.default !== 'object')
      row.standards.add(String(inner.default))
    rows.set(name, row)
    collect(inner, name, rows)
  }
  if (typeof schema.additionalProperties === 'object')
    collect(schema.additionalProperties, `${path}.NAME`, rows)
  if (schema.items) collect(schema.items, `${path}[]`, rows)
  for (const branch of branches(schema)) collect(branch, path, rows)
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Every key of the spec, from the schema that checks it: path, values, default, meaning. */
export const keysTable = (): string => {
  const rows = new Map<string, Row>()
  collect(jsonSchema() as Schema, '', rows)
  const lines = [...rows].map(([path, { values, texts, standards }]) => {
    const standard = [...standards].map((value) => `\`${value}\``).join(', ')
    return `| \`${path}\` | ${cell([...values].join(', '))} | ${standard} | ${cell([...texts].join('; '))} |`
  })
  return `\n| key | value | default | meaning |\n|---|---|---|---|\n${lines.join('\n')}\n\n`
}
