import type { Snippet, SnippetLevel } from '../../../model/snippet.ts'
import { type SnippetView, snippetViews } from '../../../snippets/marked.ts'
import { isInWord, nginxSnippets } from './language.ts'

const indents: Readonly<Partial<Record<SnippetLevel, string>>> = {
  server: '    ',
  upstream: '    ',
  location: '        ',
}

export const nginxSnippetViews = (
  snippets: readonly Snippet[],
  level: SnippetLevel,
): readonly SnippetView[] =>
  snippetViews(
    snippets.filter(({ dialect }) => dialect === 'nginx'),
    level,
    indents[level] ?? '',
    isInWord,
  )

/** Prints a snippet as it is. Throws TypeError for one that does not end in its block, which was reported before. */
export const nginxSnippet = (value: string | number): string => {
  const text = String(value)
  if (nginxSnippets.read(text).problems.length > 0)
    throw new TypeError('a snippet that is not a whole part of a block')
  return text
}
