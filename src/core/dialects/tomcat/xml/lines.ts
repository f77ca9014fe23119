/** Where the lines of a text begin, found once: a file may have as many problems as lines. */
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

/** 0-based. */
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

/** Start of the line of an offset. */
export const lineStartAt = (table: LineTable, offset: number): number =>
  table.starts[lineAt(table, offset)] ?? 0

/** What ends the line before this one; null for the first. */
export const newlineBefore = ({ text, starts }: LineTable, line: number): string | null => {
  const start = starts[line]
  if (start === undefined || line === 0) return null
  if (text[start - 1] === '\r') return '\r'
  return text[start - 2] === '\r' ? '\r\n' : '\n'
}

/** Without its line end. */
export const lineTextAt = (table: LineTable, line: number): string => {
  const { text, starts } = table
  const end = (starts[line + 1] ?? text.length) - (newlineBefore(table, line + 1)?.length ?? 0)
  return text.slice(starts[line] ?? 0, end)
}
