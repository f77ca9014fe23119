/** Where the lines of a text begin. */
export interface LineTable {
  readonly text: string
  readonly starts: readonly number[]
}

/** CR, LF and CRLF each end one line. */
export const lineTable = (text: string): LineTable => ({
  text,
  starts: [
    0,
    ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length),
  ],
})

/** The 0-based number of the line that contains the offset. */
export const lineAt = ({ starts }: LineTable, offset: number): number => {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low
}

export const lineStartAt = (table: LineTable, offset: number): number =>
  table.starts[lineAt(table, offset)] ?? 0

/** The line end before a line; null for the first line. */
export const newlineBefore = ({ text, starts }: LineTable, line: number): string | null => {
  const start = starts[line]
  if (start === undefined || line === 0) return null
  if (text[start - 1] === '\r') return '\r'
  return text[start - 2] === '\r' ? '\r\n' : '\n'
}

/** Why a file cannot be read or edited, and where. */
export interface XmlProblem {
  /** In lower case, without a full stop. */
  readonly message: string
  /** The message without any text of the file. */
  readonly reason: string
  readonly help: string | null
  /** null: the whole file. */
  readonly at: XmlPosition | null
}

export interface XmlPosition {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  readonly lineText: string
}

export type XmlResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: XmlProblem }

export const refusal = (
  message: string,
  help: string | null = null,
  at: XmlPosition | null = null,
  reason: string = message,
): XmlResult<never> => ({ ok: false, problem: { message, reason, help, at } })

/** Line and column of an offset, which may be the end of the text. */
export const positionAt = (lines: LineTable, offset: number): XmlPosition => {
  const { text, starts } = lines
  const line = lineAt(lines, offset)
  const start = starts[line] ?? 0
  const end = (starts[line + 1] ?? text.length) - (newlineBefore(lines, line + 1)?.length ?? 0)
  return { line: line + 1, column: offset - start + 1, lineText: text.slice(start, end) }
}
