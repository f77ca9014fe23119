import { abi, buildNginx } from '../build-nginx/index.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { generate } from './generate.ts'
import { importCommand } from './import.ts'
import { init } from './init.ts'
import { lab } from './lab.ts'
import { lint } from './lint.ts'
import { schema } from './schema.ts'
import { simulate } from './simulate.ts'
import { validate } from './validate.ts'
import { verify } from './verify.ts'

/** In the order of the help. */
export const commands = [
  init,
  importCommand,
  generate,
  validate,
  lint,
  diff,
  simulate,
  lab,
  verify,
  buildNginx,
  abi,
  explain,
  schema,
] as const
