import type { Cluster } from '../model/cluster.ts'
import type { ReadFiles } from '../outside.ts'
import type { Artifact } from '../render/artifact.ts'
import { secretsInText } from '../secrets/in-text.ts'
import { starred } from '../secrets/spans.ts'
import type {
  ArtifactCheck,
  PlannedCheck,
  ShownMessage,
  Tool,
  ToolMessage,
  Verdict,
} from './check.ts'

/** Artifacts by path. */
export type ArtifactsByPath = ReadonlyMap<string, Artifact>

const lineText = (artifacts: ArtifactsByPath, { path, line }: ToolMessage): string | null =>
  path === null || line === null
    ? null
    : (artifacts.get(path)?.text.split('\n')[line - 1]?.replace(/\r$/, '') ?? null)

const statusOf = (verdict: Verdict, findings: readonly ToolMessage[]): ArtifactCheck['status'] => {
  if (verdict.kind !== 'refused') return verdict.kind
  return findings.some(({ severity }) => severity === 'error') ? 'refused' : verdict.others
}

const dialectOf = (artifacts: ArtifactsByPath, path: string): Artifact['dialect'] => {
  const artifact = artifacts.get(path)
  if (artifact === undefined) throw new TypeError(`${path} is none of the artifacts`)
  return artifact.dialect
}

/**
 * The result for each artifact, with secrets hidden.
 * @param mask hides secrets in a text.
 */
export const resultsOf = (
  planned: PlannedCheck,
  verdict: Verdict,
  tool: Tool,
  artifacts: ArtifactsByPath,
  mask: (text: string) => string,
): readonly ArtifactCheck[] => {
  const findings = verdict.kind === 'not-checked' ? [] : verdict.findings
  const show = (finding: ToolMessage): ShownMessage => {
    const text = lineText(artifacts, finding)
    const shown = text === null ? null : mask(text)
    return { ...finding, message: mask(finding.message), lineText: shown }
  }
  const resultOf = (path: string, like: string): ArtifactCheck => {
    const own = findings
      .filter((finding) => (finding.path ?? planned.covers[0]) === like)
      .map((finding) => ({ ...finding, path }))
    const status = statusOf(verdict, own)
    const reasons =
      verdict.kind === 'not-checked'
        ? [verdict.reason]
        : [`${tool.product} stopped before it read this file`]
    const notes = planned.notes
      .filter((note) => note.path === null || note.path === like)
      .map(({ text }) => text)
    return {
      path,
      dialect: dialectOf(artifacts, path),
      status,
      by: status === 'not-checked' ? null : `${tool.product} ${tool.version}`,
      insteadOf: status === 'not-checked' ? null : planned.insteadOf,
      checkedAs: like === path ? null : like,
      notes: (status === 'not-checked' ? reasons : notes).map(mask),
      findings: own.map(show),
    }
  }
  return [
    ...planned.covers.map((path) => resultOf(path, path)),
    ...planned.twins.map(({ path, like }) => resultOf(path, like)),
  ]
}

/** The result for artifacts that no installed server can check. */
export const unchecked = (
  paths: readonly string[],
  reason: string,
  artifacts: ArtifactsByPath,
): readonly ArtifactCheck[] =>
  paths.map((path) => ({
    path,
    dialect: dialectOf(artifacts, path),
    status: 'not-checked',
    by: null,
    insteadOf: null,
    checkedAs: null,
    notes: [reason],
    findings: [],
  }))

const literalsOf = ({ stores }: Cluster): readonly string[] =>
  stores.flatMap((store) =>
    store.kind !== 'memcached' && store.password?.kind === 'literal' ? [store.password.value] : [],
  )

/** Makes the function that hides secrets in messages: those of the spec, and those in files of the user. */
export const maskFor = (cluster: Cluster): ((text: string) => string) => {
  const literals = literalsOf(cluster).filter((value) => value !== '')
  return (text) => {
    const named = text
      .split('\n')
      .map((line) => starred(line, secretsInText(line)))
      .join('\n')
    return literals.reduce((shown, value) => shown.replaceAll(value, '***'), named)
  }
}

const why = 'it is made from a file outside of the repository (--allow-outside)'

/**
 * A message about a file that is made from one outside of the repository may quote it: only the place
 * and the status are kept.
 */
export const withoutContent = (check: ArtifactCheck, { outside }: ReadFiles): ArtifactCheck => {
  if (outside.size === 0 || check.dialect !== 'tomcat') return check
  const notes = check.status === 'not-checked' ? check.notes.slice(0, 1) : check.notes
  return {
    ...check,
    notes: notes.length === 0 ? [] : [`notes about this file are not shown: ${why}`],
    findings: check.findings.map((finding) => ({
      ...finding,
      message: `the server rejects this line; its message is not shown: ${why}`,
      lineText: null,
    })),
  }
}
