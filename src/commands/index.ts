import { abi } from './abi.ts'
import { diff } from './diff.ts'
import { generate } from './generate.ts'
import { schema } from './schema.ts'

/** In the order of the help. */
export const commands = [generate, diff, abi, schema] as const
