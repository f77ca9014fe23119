import { atKey } from '../../../diagnostics/diagnostic.ts'
import type { Snippet, SnippetLevel } from '../../../model/snippet.ts'
import { report } from '../../../snippets/codes.ts'
import { type SnippetView, snippetViews } from '../../../snippets/marked.ts'
import type { Site } from '../../sites.ts'
import type { Context } from '../context.ts'
import { haproxySnippets } from './language.ts'

export const haproxySnippetViews = (
  snippets: readonly Snippet[],
  level: SnippetLevel,
): readonly SnippetView[] =>
  snippetViews(
    snippets.filter(({ dialect }) => dialect === 'haproxy'),
    level,
    '  ',
  )

/** The snippets of all frontends of the spec that become one frontend of HAProxy. */
export const siteSnippets = ({ frontends }: Site, { findings }: Context): readonly SnippetView[] =>
  frontends.flatMap(({ name, snippets }) => {
    const views = haproxySnippetViews(snippets, 'frontend')
    const others = frontends.filter((other) => other.name !== name)
    for (const { dialect, path } of snippets) {
      if (dialect !== 'haproxy' || others.length === 0) continue
      report(
        findings,
        'snippet-shared',
        atKey(path),
        `the lines also apply to ${others.map((other) => `"${other.name}"`).join(', ')}, which listens on the same addresses`,
        'add conditions on the host to the lines, or use other addresses',
      )
    }
    return views
  })

/** Prints a snippet as it is. Throws TypeError for one that leaves its section, which was reported before. */
export const haproxySnippet = (value: string | number): string => {
  const text = String(value)
  const { problems, statements } = haproxySnippets.read(text)
  if (problems.length > 0 || statements.some(({ children }) => children.length > 0))
    throw new TypeError('a snippet that is not a whole part of a section')
  return text
}
