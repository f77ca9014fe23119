import type { Inputs } from './core/dialects/dialect.ts'
import { insideOnly } from './core/outside.ts'
import { type Compilation, compile as compileFiles, type Only } from './core/pipeline.ts'

export type { Diagnostic, Severity } from './core/diagnostics/diagnostic.ts'
export type { LocatedDiagnostic, Location } from './core/diagnostics/located.ts'
export type { Cluster } from './core/model/cluster.ts'
export {
  type Compilation,
  inputFiles,
  readSpec,
  resolveSpec,
  shownDiagnostics,
} from './core/pipeline.ts'
export type { Artifact } from './core/render/artifact.ts'
export { jsonSchema } from './core/spec/json-schema.ts'

/** @param inputs the files that inputFiles() names, by their paths */
export const compile = (resolved: Compilation, inputs: Inputs, only: Only): Compilation =>
  compileFiles(resolved, insideOnly(inputs), only)
