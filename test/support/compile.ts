import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import { Findings } from '../../src/core/diagnostics/findings.ts'
import type { LocatedDiagnostic } from '../../src/core/diagnostics/located.ts'
import type { ConfigFiles, Inputs } from '../../src/core/dialects/dialect.ts'
import type { Cluster } from '../../src/core/model/cluster.ts'
import { insideOnly } from '../../src/core/outside.ts'
import {
  type Compilation,
  compile,
  type Only,
  readSpec,
  resolveSpec,
  shownDiagnostics,
} from '../../src/core/pipeline.ts'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { render } from '../../src/core/render/render.ts'

/** A compilation with the diagnostics as they are shown. */
export interface Compiled extends Omit<Compilation, 'diagnostics'> {
  readonly diagnostics: readonly LocatedDiagnostic[]
}

export const shown = (compilation: Compilation): Compiled => ({
  ...compilation,
  diagnostics: shownDiagnostics(compilation),
})

/** A configuration of a proxy, with other files by their paths next to it. */
export const configOf = (
  main: string,
  bytes: Uint8Array,
  others: Readonly<Record<string, Uint8Array>> = {},
): ConfigFiles => ({
  form: 'config',
  main,
  files: new Map([[main, bytes], ...Object.entries(others)]),
})

/** The whole pipeline over a spec that needs no files and no installed program. */
export const compileText = (text: string, inputs: Inputs = new Map()): Compiled =>
  shown(compile(resolveSpec(readSpec('sessctl.yaml', text), {}), insideOnly(inputs), null))

/** What the dialects alone make of a cluster. */
export const renderCluster = (
  cluster: Cluster,
  only: Only,
  inputs: Inputs = new Map(),
  harmless: ReadonlySet<string> = new Set(),
): { readonly artifacts: readonly Artifact[]; readonly diagnostics: readonly Diagnostic[] } => {
  const findings = new Findings()
  const artifacts = render(cluster, inputs, only, findings, harmless)
  return { artifacts, diagnostics: findings.all }
}
