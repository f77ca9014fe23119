import type { Inputs } from '../../src/core/dialects/dialect.ts'
import { insideOnly } from '../../src/core/outside.ts'
import { type Compiled, compile, understand } from '../../src/core/pipeline.ts'
import { readSpec } from '../../src/core/spec/read.ts'

/** The whole pipeline over a spec that needs no files and no installed program. */
export const compileText = (text: string, inputs: Inputs = new Map()): Compiled =>
  compile(understand(readSpec('sessctl.yaml', text), {}), insideOnly(inputs), null)
