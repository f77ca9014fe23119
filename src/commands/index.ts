import { abi } from './abi.ts'
import { buildNginx } from './build-nginx.ts'
import { diff } from './diff.ts'
import { generate } from './generate.ts'
import { lab } from './lab.ts'
import { schema } from './schema.ts'
import { verify } from './verify.ts'

/** In the order of the help. */
export const commands = [generate, diff, lab, verify, buildNginx, abi, schema] as const
