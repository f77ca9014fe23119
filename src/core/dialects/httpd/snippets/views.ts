import type { Snippet, SnippetLevel } from '../../../model/snippet.ts'
import { type SnippetView, snippetViews } from '../../../snippets/marked.ts'
import { httpdSnippets } from './language.ts'

const indents: Readonly<Partial<Record<SnippetLevel, string>>> = { location: '        ' }

export const httpdSnippetViews = (
  snippets: readonly Snippet[],
  level: SnippetLevel,
): readonly SnippetView[] =>
  snippetViews(
    snippets.filter(({ dialect }) => dialect === 'httpd'),
    level,
    indents[level] ?? '    ',
  )

/** Prints a snippet as it is. Throws TypeError for one that leaves its section, which was reported before. */
export const httpdSnippet = (value: string | number): string => {
  const text = String(value)
  if (httpdSnippets.read(text).problems.length > 0)
    throw new TypeError('a snippet that is not a whole part of a section')
  return text
}
