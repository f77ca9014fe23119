import { positionsIn } from '../../config/text.ts'
import type { Place } from '../../diagnostics/diagnostic.ts'

/** The text of a file that sessctl did not write. */
export interface ConfigFile {
  /** As the command line names it. */
  readonly file: string
  readonly text: string
  /** The place of a piece of its text. */
  readonly at: (start: number, end: number) => Place
}

export const configFile = (file: string, text: string): ConfigFile => {
  const positionOf = positionsIn(text)
  return {
    file,
    text,
    at: (start, end) => {
      const { line, column } = positionOf(start)
      const lineStart = start - column + 1
      const found = text.indexOf('\n', start)
      const lineEnd = found === -1 ? text.length : found
      const lineText = text.slice(lineStart, lineEnd).replace(/\r$/, '')
      const width = Math.max(1, Math.min(end, lineEnd) - start)
      return { kind: 'file', file, line, column, lineText, width }
    },
  }
}
