import * as z from 'zod'
import { specSchema } from './schema/index.ts'

type Schema = z.core.JSONSchema.BaseSchema

/** The branches of a union, with those of a union inside it. */
const branchesOf = (schema: Schema): readonly Schema[] =>
  schema.oneOf === undefined ? [schema] : schema.oneOf.flatMap(branchesOf)

/**
 * The spec as JSON Schema draft 7, the version that editors support best. It accepts what a user may write.
 * A union inside a union becomes one union: yaml-language-server completes `method: ` with the values of the
 * outer branches only.
 */
export const jsonSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'sessctl cluster spec',
  ...z.toJSONSchema(specSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema: schema }) => {
      if (schema.oneOf !== undefined) schema.oneOf = branchesOf(schema) as typeof schema.oneOf
    },
  }),
})
