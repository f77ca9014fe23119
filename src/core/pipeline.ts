import { type Diagnostic, hasErrors } from './diagnostics/diagnostic.ts'
import { type LocatedDiagnostic, locate, type Source } from './diagnostics/located.ts'
import type { DialectName, InputFile, Inputs } from './dialects/dialect.ts'
import { dialects } from './dialects/index.ts'
import { withSentCookies } from './dialects/tomcat/effective/sent-cookie.ts'
import { asWritten } from './fields.ts'
import { rules } from './lint/rules/index.ts'
import type { Cluster } from './model/cluster.ts'
import { resolve } from './model/resolve/index.ts'
import type { InstalledVersions } from './model/resolve/targets.ts'
import type { Artifact } from './render/artifact.ts'
import { render, wantedDialects } from './render/render.ts'
import type { ReadSpec } from './spec/read.ts'
import type { Spec } from './spec/schema/index.ts'

export interface Understood {
  readonly source: Source
  readonly spec: Spec | null
  /** The spec's data before defaults were filled in. */
  readonly written: unknown
  /** null when an error says why. */
  readonly cluster: Cluster | null
  /** What the programs of this host answered, where the spec leaves a version to it. */
  readonly installed: InstalledVersions
  readonly diagnostics: readonly Diagnostic[]
  /** Those without what the rules say. */
  readonly beforeRules: readonly Diagnostic[]
}

const ruled = (cluster: Cluster): readonly Diagnostic[] => rules.flatMap((rule) => rule(cluster))

/** Spec text → parsed → validated → cluster, with all that the rules say of it. */
export const understand = (read: ReadSpec, installed: InstalledVersions): Understood => {
  const { source, spec, written, diagnostics } = read
  const known = { source, spec, written, installed }
  if (spec === null) return { ...known, cluster: null, diagnostics, beforeRules: diagnostics }
  const { cluster, diagnostics: beforeRules } = resolve(spec, installed)
  const before = [...diagnostics, ...beforeRules]
  return {
    ...known,
    cluster,
    diagnostics: [...before, ...ruled(cluster)],
    beforeRules: before,
  }
}

/** The user's files that rendering needs, each once. */
export const inputFiles = (
  cluster: Cluster,
  only: ReadonlySet<DialectName> | null,
): readonly InputFile[] => {
  const wanted = wantedDialects(cluster, only)
  // The name of the session cookie may stand in files of Tomcat.
  const all = wanted.length === 0 ? [] : [...new Set([...wanted, dialects.tomcat])]
  const files = all.flatMap((dialect) => dialect.inputs(cluster))
  return [...new Map(files.map((file) => [file.path, file])).values()]
}

export interface Compiled {
  readonly source: Source
  readonly cluster: Cluster | null
  /** Empty when there are errors. */
  readonly artifacts: readonly Artifact[]
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/** How something was written does not matter before it is written, and may change with the mistake. */
const withoutEarlyInfos = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  hasErrors(diagnostics) ? diagnostics.filter(({ severity }) => severity !== 'info') : diagnostics

/** The same once the files are read that the spec names: what it leaves open may follow them. */
export const withFiles = (understood: Understood, inputs: Inputs): Understood => {
  if (understood.cluster === null) return understood
  const cluster = withSentCookies(understood.cluster, inputs)
  return cluster === understood.cluster
    ? understood
    : { ...understood, cluster, diagnostics: [...understood.beforeRules, ...ruled(cluster)] }
}

/** Understood spec → artifacts, with everything that was found on the way, sorted by place. */
export const compile = (
  understood: Understood,
  inputs: Inputs,
  only: ReadonlySet<DialectName> | null,
): Compiled => {
  const { source, cluster, diagnostics: found } = withFiles(understood, inputs)
  const rendered =
    cluster === null ? { artifacts: [], diagnostics: [] } : render(cluster, inputs, only)
  const diagnostics = withoutEarlyInfos(
    asWritten([...found, ...rendered.diagnostics], understood.written),
  )
  return {
    source,
    cluster,
    artifacts: hasErrors(diagnostics) ? [] : rendered.artifacts,
    diagnostics: locate(diagnostics, source),
  }
}
