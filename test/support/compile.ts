import { type Compiled, compile, understand } from '../../src/core/pipeline.ts'

/** The whole pipeline over a spec that needs no files and no installed program. */
export const compileText = (
  text: string,
  inputs: ReadonlyMap<string, Uint8Array> = new Map(),
): Compiled =>
  compile(
    understand('sessctl.yaml', text, () => ({})),
    inputs,
    null,
  )
