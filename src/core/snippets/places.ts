import { atValue, type Place } from '../diagnostics/diagnostic.ts'
import type { Snippet } from '../model/snippet.ts'

/** A line of a snippet: in its file, or in the value of the spec. */
export const placeOf = ({ file, path, text }: Snippet, line: number): Place =>
  file === null
    ? atValue(path)
    : {
        kind: 'file',
        file,
        line,
        column: null,
        lineText: text?.split('\n')[line - 1] ?? null,
      }

/** Names the line in messages about a value of several lines. */
export const lineName = ({ file, text }: Snippet, line: number): string =>
  file === null && text?.trimEnd().includes('\n') === true ? `line ${line}: ` : ''
