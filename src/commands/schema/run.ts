import { jsonSchema } from '../../core/spec/json-schema.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../define.ts'

export const runSchema: Run<Record<never, never>> = async () => ({
  exitCode: exitCodes.done,
  stdout: `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  stderr: '',
})
