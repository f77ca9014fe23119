import { generate } from './generate.ts'
import { schema } from './schema.ts'

/** In the order of the help. */
export const commands = [generate, schema] as const
