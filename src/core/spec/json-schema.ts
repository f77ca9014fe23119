import * as z from 'zod'
import { specSchema } from './schema/index.ts'

/** The spec as JSON Schema draft 7, the version that editors know best; what it accepts is what a user may write. */
export const jsonSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'sessctl cluster spec',
  ...z.toJSONSchema(specSchema, { target: 'draft-7', io: 'input' }),
})
