import { hasErrors } from '../diagnostics/diagnostic.ts'
import { Findings } from '../diagnostics/findings.ts'
import type { Dialect, DialectName, Inputs, Page } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { Cluster } from '../model/cluster.ts'
import { snippetsOf } from '../snippets/all.ts'
import { reviewSnippets } from '../snippets/review.ts'
import type { Artifact } from './artifact.ts'
import { encodeText } from './encode-text.ts'
import { createEngine } from './engine.ts'

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
    const source = page.kind === 'template' ? null : page.source
    const bytes = encodeText(text, encoding)
    return { dialect: dialect.name, path: page.path, source, text, bytes }
  })
}

/**
 * Cluster → artifacts, in the order of the dialects; none if a dialect reports an error.
 * @param harmless codes of errors in spite of which there are artifacts.
 */
export const render = (
  cluster: Cluster,
  inputs: Inputs,
  only: ReadonlySet<DialectName> | null,
  findings: Findings,
  harmless: ReadonlySet<string> = new Set(),
): readonly Artifact[] => {
  const found = new Findings()
  const renderings = wantedDialects(cluster, only).map((dialect) => ({
    dialect,
    pages: dialect.render(cluster, inputs, found),
  }))
  const isRefused = (): boolean => hasErrors(found.all.filter(({ code }) => !harmless.has(code)))
  const artifacts = isRefused()
    ? []
    : renderings.flatMap(({ dialect, pages }) => artifactsOf(dialect, pages))
  const snippets = snippetsOf(cluster)
  for (const { dialect, text } of artifacts) {
    const language = dialects[dialect].snippets
    if (language !== undefined) reviewSnippets(text, snippets, language, found)
  }
  findings.addAll(found.all)
  return isRefused() ? [] : artifacts
}
