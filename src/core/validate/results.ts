import type { Artifact } from '../render/artifact.ts'
import type { ArtifactCheck, Finding, ShownFinding, Tool, Verdict } from './check.ts'
import type { Planned } from './planned.ts'

/** Artifacts by path. */
export type ArtifactsByPath = ReadonlyMap<string, Artifact>

const lineText = (artifacts: ArtifactsByPath, { path, line }: Finding): string | null =>
  path === null || line === null
    ? null
    : (artifacts.get(path)?.text.split('\n')[line - 1]?.replace(/\r$/, '') ?? null)

const statusOf = (verdict: Verdict, findings: readonly Finding[]): ArtifactCheck['status'] => {
  if (verdict.kind !== 'refused') return verdict.kind
  return findings.some(({ severity }) => severity === 'error') ? 'refused' : verdict.others
}

const dialectOf = (artifacts: ArtifactsByPath, path: string): Artifact['dialect'] => {
  const artifact = artifacts.get(path)
  if (artifact === undefined) throw new TypeError(`${path} is none of the artifacts`)
  return artifact.dialect
}

/**
 * What a verdict says of each artifact, with secrets hidden.
 * @param mask hides secrets in a text.
 */
export const resultsOf = (
  planned: Planned,
  verdict: Verdict,
  tool: Tool,
  artifacts: ArtifactsByPath,
  mask: (text: string) => string,
): readonly ArtifactCheck[] => {
  const findings = verdict.kind === 'not-checked' ? [] : verdict.findings
  const show = (finding: Finding): ShownFinding => {
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
      verdict.kind === 'not-checked' ? [verdict.reason] : [`${tool.product} stopped before it`]
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

/** The result for artifacts that nobody could be asked about. */
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
