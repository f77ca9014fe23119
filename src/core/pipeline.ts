import { type Diagnostic, hasErrors } from './diagnostics/diagnostic.ts'
import { Findings } from './diagnostics/findings.ts'
import { type LocatedDiagnostic, locate, type Source } from './diagnostics/located.ts'
import type { DialectName, InputFile, Inputs } from './dialects/dialect.ts'
import { dialects } from './dialects/index.ts'
import { withSentCookies } from './dialects/tomcat/effective/sent-cookie.ts'
import { asWritten } from './fields.ts'
import { withoutIgnored } from './ignored.ts'
import { rules } from './lint/rules/index.ts'
import type { Cluster } from './model/cluster.ts'
import { resolve } from './model/resolve/index.ts'
import type { InstalledVersions } from './model/resolve/targets.ts'
import { type ReadFiles, withoutContents } from './outside.ts'
import type { Artifact } from './render/artifact.ts'
import { type Rendered, render, wantedDialects } from './render/render.ts'
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

const ruled = (cluster: Cluster): readonly Diagnostic[] => {
  const findings = new Findings()
  for (const rule of rules) rule(cluster, findings)
  return findings.all
}

/** Spec text → parsed → validated → cluster, with all that the rules say of it. */
export const understand = (read: ReadSpec, installed: InstalledVersions): Understood => {
  const { source, spec, written, diagnostics } = read
  const known = { source, spec, written, installed }
  if (spec === null) return { ...known, cluster: null, diagnostics, beforeRules: diagnostics }
  const findings = new Findings()
  const cluster = resolve(spec, installed, findings)
  const before = [...diagnostics, ...findings.all]
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

/** The cluster as the files complete it. */
const following = (understood: Understood, inputs: Inputs): Understood => {
  if (understood.cluster === null) return understood
  const cluster = withSentCookies(understood.cluster, inputs)
  return cluster === understood.cluster
    ? understood
    : { ...understood, cluster, diagnostics: [...understood.beforeRules, ...ruled(cluster)] }
}

/** The same once the files are read that the spec names: what it leaves open may follow them. */
export const withFiles = (understood: Understood, files: ReadFiles): Understood => {
  const followed = following(understood, files.inputs)
  const diagnostics = withoutContents(
    files,
    (inputs) => following(understood, inputs).diagnostics,
    followed.diagnostics,
  )
  return { ...followed, diagnostics }
}

/** Everything that is found on the way to the artifacts. */
const foundIn = (
  understood: Understood,
  inputs: Inputs,
  only: ReadonlySet<DialectName> | null,
): Pick<Understood, 'cluster' | 'diagnostics'> & Pick<Rendered, 'artifacts'> => {
  const { cluster, diagnostics } = following(understood, inputs)
  if (cluster === null) return { cluster, artifacts: [], diagnostics }
  const rendered = render(cluster, inputs, only)
  return {
    cluster,
    artifacts: rendered.artifacts,
    diagnostics: [...diagnostics, ...rendered.diagnostics],
  }
}

/** Understood spec → artifacts, with everything that was found on the way, sorted by place. */
export const compile = (
  understood: Understood,
  files: ReadFiles,
  only: ReadonlySet<DialectName> | null,
): Compiled => {
  const { source, written } = understood
  const { problems } = files
  // Whatever else would be said of a file that was not read is only a consequence.
  if (hasErrors(problems)) {
    const diagnostics = withoutEarlyInfos(
      asWritten([...understood.diagnostics, ...problems], written),
    )
    return { source, cluster: null, artifacts: [], diagnostics: locate(diagnostics, source) }
  }
  const { cluster, artifacts, diagnostics: found } = foundIn(understood, files.inputs, only)
  const shown = withoutContents(
    files,
    (inputs) => foundIn(understood, inputs, only).diagnostics,
    found,
  )
  const diagnostics = withoutEarlyInfos(asWritten([...shown, ...problems], written))
  return {
    source,
    cluster,
    artifacts: hasErrors(diagnostics) ? [] : artifacts,
    diagnostics: withoutIgnored(locate(diagnostics, source), source, only === null),
  }
}
