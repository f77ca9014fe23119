import { type Snippet, type SnippetLevel, snippetName } from '../model/snippet.ts'

/** Comments around the snippets in generated files. */
const begin = '# Snippet '
const end = '# End of snippet'

const beginPattern = /^\s*# Snippet (\S+)$/
const endPattern = /^\s*# End of snippet$/

/** Whether a line would be read as the beginning or end of a snippet. */
export const isMarker = (line: string): boolean => /^\s*# (Snippet|End of snippet)\b/.test(line)

/** A snippet for a template: comments around the lines of the user. */
export interface SnippetView {
  readonly text: string
}

/** Lines that do not begin within a quoted text are indented like their block. */
const indented = (text: string, indent: string, isInside: (offset: number) => boolean): string => {
  let offset = 0
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const start = offset
      offset += line.length + 1
      return line === '' || isInside(start) ? line : indent + line
    })
    .join('\n')
}

/**
 * @param isInside whether a line that begins at an offset of the text continues a word.
 */
export const snippetViews = (
  snippets: readonly Snippet[],
  level: SnippetLevel,
  indent: string,
  isInside: (text: string) => (offset: number) => boolean = () => () => false,
): readonly SnippetView[] =>
  snippets.flatMap((snippet) => {
    if (snippet.level !== level || snippet.text === null) return []
    const text = indented(snippet.text, indent, isInside(snippet.text))
    const lines = [`${indent}${begin}${snippetName(snippet)}`, text, `${indent}${end}`]
    return [{ text: lines.join('\n') }]
  })

/** The lines of one snippet in a generated file, without the comments around them. */
export interface Region {
  /** The place of the snippet in the spec, with dots. */
  readonly name: string
  /** Lines, from 1; the first one is after `start` and the last one before `end`. */
  readonly start: number
  readonly end: number
}

/** Finds the snippets in a generated file. */
export const regionsOf = (text: string): readonly Region[] => {
  const regions: Region[] = []
  let open: { readonly name: string; readonly start: number } | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const name: string | undefined = open === null ? beginPattern.exec(line)?.[1] : undefined
    if (name !== undefined) open = { name, start: index + 1 }
    else if (open !== null && endPattern.test(line)) {
      regions.push({ ...open, end: index + 1 })
      open = null
    }
  }
  return regions
}
