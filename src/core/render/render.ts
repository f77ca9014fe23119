import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts'
import { Findings } from '../diagnostics/findings.ts'
import type { Dialect, DialectName, Inputs, Page } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Artifact } from './artifact.ts'
import { encodeText } from './encode-text.ts'
import { createEngine } from './engine.ts'

export interface Rendered {
  /** Empty when an error is among the diagnostics. */
  readonly artifacts: readonly Artifact[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The dialects a cluster asks for; `only` narrows them down. */
export const wantedDialects = (
  cluster: Cluster,
  only: ReadonlySet<DialectName> | null,
): readonly Dialect[] =>
  Object.values(dialects).filter(
    (dialect: Dialect) => dialect.isWanted(cluster) && (only === null || only.has(dialect.name)),
  )

const artifactsOf = (dialect: Dialect, pages: readonly Page[]): readonly Artifact[] => {
  const render = createEngine(dialect)
  return pages.map((page) => {
    const text = page.kind === 'template' ? render(page.template, page.view) : page.text
    const encoding = page.kind === 'template' ? 'utf-8' : page.encoding
    return { dialect: dialect.name, path: page.path, text, bytes: encodeText(text, encoding) }
  })
}

/**
 * Cluster → artifacts, in the order of the dialects.
 * @param harmless codes of errors in spite of which there are artifacts.
 */
export const render = (
  cluster: Cluster,
  inputs: Inputs,
  only: ReadonlySet<DialectName> | null,
  harmless: ReadonlySet<string> = new Set(),
): Rendered => {
  const findings = new Findings()
  const renderings = wantedDialects(cluster, only).map((dialect) => ({
    dialect,
    pages: dialect.render(cluster, inputs, findings),
  }))
  const diagnostics = findings.all
  if (hasErrors(diagnostics.filter(({ code }) => !harmless.has(code))))
    return { artifacts: [], diagnostics }
  return {
    artifacts: renderings.flatMap(({ dialect, pages }) => artifactsOf(dialect, pages)),
    diagnostics,
  }
}
