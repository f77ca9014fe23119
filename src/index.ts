import type { DialectName, Inputs } from './core/dialects/dialect.ts'
import { insideOnly } from './core/outside.ts'
import { type Compiled, compile as compileFiles, type Understood } from './core/pipeline.ts'

export type { Diagnostic, Severity } from './core/diagnostics/diagnostic.ts'
export type { LocatedDiagnostic, Location } from './core/diagnostics/located.ts'
export type { Cluster } from './core/model/cluster.ts'
export { type Compiled, inputFiles, type Understood, understand } from './core/pipeline.ts'
export type { Artifact } from './core/render/artifact.ts'
export { jsonSchema } from './core/spec/json-schema.ts'
export { type ReadSpec, readSpec } from './core/spec/read.ts'

/** @param inputs the files that inputFiles() names, by their paths */
export const compile = (
  understood: Understood,
  inputs: Inputs,
  only: ReadonlySet<DialectName> | null,
): Compiled => compileFiles(understood, insideOnly(inputs), only)
