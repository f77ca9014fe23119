import type { Findings } from '../diagnostics/findings.ts'
import type { Snippet } from '../model/snippet.ts'
import { report } from './codes.ts'
import { allStatements, type SnippetLanguage } from './language.ts'
import { isMarker } from './marked.ts'
import { lineName, placeOf } from './places.ts'

/** Of a snippet with many mistakes, the first ones are enough. */
const mostProblems = 5

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/**
 * Checks each snippet of one language: it is whole statements, and none of them includes other text,
 * loads code, or hides the affinity.
 */
export const checkSnippets = (
  snippets: readonly Snippet[],
  language: SnippetLanguage,
  findings: Findings,
): void => {
  for (const snippet of snippets) {
    if (snippet.dialect !== language.dialect || snippet.text === null) continue
    const { statements, problems } = language.read(snippet.text)
    const markers = snippet.text
      .split('\n')
      .flatMap((line, index) =>
        isMarker(line) ? [{ line: index + 1, message: 'this comment marks snippets' }] : [],
      )
    for (const { line, message } of [...problems, ...markers].slice(0, mostProblems)) {
      report(
        findings,
        'snippet-syntax',
        placeOf(snippet, line),
        `${lineName(snippet, line)}${message}`,
        `write whole ${language.dialect === 'nginx' ? 'directives' : 'lines'} of the ${snippet.level} block`,
      )
    }
    if (problems.length > 0) continue
    for (const { statement, within } of allStatements(statements)) {
      const refusal = language.refusalOf(statement, snippet.level, within)
      if (refusal === null) continue
      report(
        findings,
        refusal.code,
        placeOf(snippet, statement.line),
        `${lineName(snippet, statement.line)}"${shortened(statement.name)}" ${refusal.why}`,
        refusal.help,
      )
    }
  }
}
