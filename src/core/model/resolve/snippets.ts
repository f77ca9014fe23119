import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Snippet, SnippetLevel } from '../snippet.ts'
import type { Target } from '../target.ts'

type Written = string | { readonly file: string }

/** Snippets by dialect and level, as each part of the spec has some of them. */
type SpecSnippets = {
  readonly [Dialect in Target['dialect']]?:
    | { readonly [Level in SnippetLevel]?: Written | undefined }
    | undefined
}

const dialects = ['nginx', 'haproxy', 'httpd'] as const

/** @param owner the part of the spec that has them. */
export const resolveSnippets = (
  written: SpecSnippets | undefined,
  owner: SpecPath,
): readonly Snippet[] =>
  dialects.flatMap((dialect) =>
    Object.entries(written?.[dialect] ?? {}).flatMap(
      ([level, one]: [string, Written | undefined]) =>
        one === undefined
          ? []
          : [
              {
                dialect,
                level: level as SnippetLevel,
                text: typeof one === 'string' ? one : null,
                file: typeof one === 'string' ? null : one.file,
                path: [...owner, 'snippets', dialect, level],
              },
            ],
    ),
  )
