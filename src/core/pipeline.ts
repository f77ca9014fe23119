import { type Diagnostic, hasErrors } from './diagnostics/diagnostic.ts'
import { Findings } from './diagnostics/findings.ts'
import { type LocatedDiagnostic, locate, type Source } from './diagnostics/located.ts'
import type { DialectName, InputFile, Inputs } from './dialects/dialect.ts'
import { dialects } from './dialects/index.ts'
import { withSentCookies } from './dialects/tomcat/effective/sent-cookie.ts'
import { asWritten } from './fields.ts'
import { withoutIgnored } from './ignored.ts'
import { lintCodes } from './lint/codes.ts'
import { rules } from './lint/rules/index.ts'
import { storeCodes } from './lint/store-codes.ts'
import type { Cluster } from './model/cluster.ts'
import { resolve } from './model/resolve/index.ts'
import type { InstalledVersions } from './model/resolve/targets.ts'
import { insideFiles, insideOnly, type ReadFiles, withoutContents } from './outside.ts'
import type { Artifact } from './render/artifact.ts'
import { render, wantedDialects } from './render/render.ts'
import { checkSnippetFiles, withSnippetFiles } from './snippets/files.ts'
import { parseSpec } from './spec/read.ts'
import type { Spec } from './spec/schema/index.ts'

/** The dialects to render; null: all that the spec asks for. */
export type Only = ReadonlySet<DialectName> | null

/**
 * One run over a spec. It grows in four stages, and each command chooses where to stop:
 *
 * 1. `readSpec`: the text is parsed and validated.
 * 2. `resolveSpec`: defaults are filled in and names are looked up, which gives the cluster.
 * 3. `addFiles`: the files that the spec names complete the cluster, and the rules check it.
 * 4. `renderSpec`: the dialects render the artifacts.
 *
 * Each stage returns a new record. What an error prevents stays null or empty.
 */
export interface Compilation {
  readonly source: Source
  /** The data of the spec before defaults are filled in; undefined if the text cannot be parsed. */
  readonly written: unknown
  readonly spec: Spec | null
  /** The versions that the programs of this host report, where the spec says `installed`. */
  readonly installed: InstalledVersions
  readonly cluster: Cluster | null
  /** The cluster without the content of files outside of the repository. */
  readonly insideCluster: Cluster | null
  readonly files: ReadFiles
  readonly only: Only
  readonly artifacts: readonly Artifact[]
  /** What the stages have reported so far. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Runs one stage with a collector that continues the reports of the stages before it. */
const stage = (
  before: Compilation,
  run: (findings: Findings) => Partial<Compilation>,
): Compilation => {
  const findings = new Findings(before.diagnostics)
  const grown = run(findings)
  return { ...before, ...grown, diagnostics: findings.all }
}

/**
 * Stage 1: text → spec.
 * @param file the name of the spec in messages.
 * @param content the bytes of the file, or its text.
 */
export const readSpec = (file: string, content: Uint8Array | string): Compilation => {
  const findings = new Findings()
  return {
    ...parseSpec(file, content, findings),
    installed: {},
    cluster: null,
    insideCluster: null,
    files: insideOnly(new Map()),
    only: null,
    artifacts: [],
    diagnostics: findings.all,
  }
}

/** Stage 2: spec → cluster. */
export const resolveSpec = (read: Compilation, installed: InstalledVersions): Compilation =>
  stage(read, (findings) => {
    if (read.spec === null) return {}
    const cluster = resolve(read.spec, installed, findings)
    return { installed, cluster, insideCluster: cluster }
  })

/** The user's files that rendering reads, each once. */
export const inputFiles = (cluster: Cluster, only: Only): readonly InputFile[] => {
  const wanted = wantedDialects(cluster, only)
  // Files of Tomcat may name the session cookie that the proxies read.
  const all = wanted.length === 0 ? [] : [...new Set([...wanted, dialects.tomcat])]
  const files = all.flatMap((dialect) => dialect.inputs(cluster))
  return [...new Map(files.map((file) => [file.path, file])).values()]
}

/**
 * Evaluates the cluster with its files. If some of the files are outside of the repository, it is
 * evaluated again without them, to find out which diagnostics may quote them.
 */
const evaluate = <Result>(
  { cluster, insideCluster, files }: Pick<Compilation, 'cluster' | 'insideCluster' | 'files'>,
  findings: Findings,
  evaluation: (cluster: Cluster, inputs: Inputs, findings: Findings) => Result,
): Result | null => {
  if (cluster === null || insideCluster === null) return null
  if (files.outside.size === 0) return evaluation(cluster, files.inputs, findings)
  const [found, foundInside] = [new Findings(), new Findings()]
  const result = evaluation(cluster, files.inputs, found)
  evaluation(insideCluster, insideFiles(files), foundInside)
  findings.addAll(withoutContents(found.all, foundInside.all))
  return result
}

/** The cluster with what its files say. */
const completed = (cluster: Cluster, inputs: Inputs): Cluster =>
  withSnippetFiles(withSentCookies(cluster, inputs), inputs)

/** Stage 3: the files complete the cluster, and the rules check it. */
export const addFiles = (resolved: Compilation, files: ReadFiles): Compilation =>
  stage(resolved, (findings) => {
    const { cluster } = resolved
    if (cluster === null) return { files }
    const complete = {
      files,
      cluster: completed(cluster, files.inputs),
      insideCluster: completed(cluster, insideFiles(files)),
    }
    evaluate(complete, findings, (each, inputs, found) => {
      for (const rule of rules) rule(each, found)
      checkSnippetFiles(each, inputs, found)
    })
    findings.addAll(files.problems)
    // Without a file that was not read, the dialects would only report consequences.
    return hasErrors(files.problems) ? { files, cluster: null, insideCluster: null } : complete
  })

/** Stage 4: cluster → artifacts. There are none if any stage has reported an error. */
export const renderSpec = (complete: Compilation, only: Only): Compilation =>
  stage(complete, (findings) => {
    const artifacts = evaluate(complete, findings, (cluster, inputs, found) =>
      render(cluster, inputs, only, found),
    )
    return { only, artifacts: findings.hasErrors ? [] : (artifacts ?? []) }
  })

/** The artifacts of a spec that only rules refuse; null: it has other errors, or it is not refused. */
export const refusedByRules = (compilation: Compilation): readonly Artifact[] | null => {
  const { cluster, files, only, diagnostics } = compilation
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (cluster === null || errors.length === 0) return null
  if (errors.some(({ code }) => !ruleCodes.has(code))) return null
  return render(cluster, files.inputs, only, new Findings())
}

/** Stages 3 and 4. */
export const compile = (resolved: Compilation, files: ReadFiles, only: Only): Compilation =>
  renderSpec(addFiles(resolved, files), only)

/** Notes about choices of sessctl do not matter while there are errors: the choices may change with them. */
const withoutEarlyNotes = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  hasErrors(diagnostics) ? diagnostics.filter(({ severity }) => severity !== 'info') : diagnostics

const ruleCodes: ReadonlySet<string> = new Set(Object.keys({ ...lintCodes, ...storeCodes }))

const placeOf = ({ at }: Diagnostic): string => JSON.stringify(at)

/** The rules judge what a value leads to: a value that a dialect refuses has no consequences yet. */
const withoutConsequences = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const isRule = ({ code }: Diagnostic): boolean => ruleCodes.has(code)
  const refused = new Set(
    diagnostics.filter((each) => each.severity === 'error' && !isRule(each)).map(placeOf),
  )
  return diagnostics.filter((each) => !isRule(each) || !refused.has(placeOf(each)))
}

/** The diagnostics to show, with lines and columns, sorted by place, without those that comments ignore. */
export const shownDiagnostics = ({
  source,
  written,
  only,
  diagnostics,
}: Compilation): readonly LocatedDiagnostic[] => {
  const shown = withoutEarlyNotes(withoutConsequences(asWritten(diagnostics, written)))
  return withoutIgnored(locate(shown, source), source, only === null)
}
