/** A line with the lines that continue it. */
export interface Joined {
  readonly text: string
  /**
   * The offset in the whole text of one in the joined text. Asked with offsets that only grow.
   * @param isEnd of the end of a word: it is in the line of its last character.
   */
  readonly offsetOf: (at: number, isEnd: boolean) => number
  readonly isSingle: boolean
  /** In the whole text: after its last line feed. */
  readonly end: number
  readonly lineFeeds: number
}

interface Part {
  /** Its offset in the joined text, and in the whole text. */
  readonly at: number
  readonly start: number
}

const offsetsOf = (parts: readonly Part[]): Joined['offsetOf'] => {
  let index = 0
  return (at, isEnd) => {
    for (let next = parts[index + 1]; next !== undefined; next = parts[index + 1]) {
      if (next.at > at || (isEnd && next.at === at)) break
      index++
    }
    const part = parts[index] ?? { at: 0, start: 0 }
    return part.start + at - part.at
  }
}

/** Where a line ends: before its line feed or CR LF, and after it. */
const lineAt = (text: string, start: number): { readonly last: number; readonly end: number } => {
  const found = text.indexOf('\n', start)
  if (found === -1) return { last: text.length, end: text.length }
  return { last: found > start && text[found - 1] === '\r' ? found - 1 : found, end: found + 1 }
}

/** Removes a backslash from the end of what is joined already; false: there is none. */
const removeBackslash = (pieces: string[]): boolean => {
  while (pieces.length > 0 && pieces.at(-1) === '') pieces.pop()
  const piece = pieces.pop() ?? ''
  pieces.push(piece.replace(/\\$/, ''))
  return piece.endsWith('\\')
}

/**
 * Joins a line with those that continue it, as ap_cfg_getline() does: a backslash before the line end
 * counts even after another one; after the last line of the text without a line feed, it does not.
 */
export const joinFrom = (text: string, from: number): Joined => {
  const parts: Part[] = []
  const pieces: string[] = []
  let length = 0
  let start = from
  for (let lineFeeds = 1; ; lineFeeds++) {
    const { end, last } = lineAt(text, start)
    const hasBackslash = end > last && last > start && text[last - 1] === '\\'
    // Of two backslashes before an empty line, httpd finds the first one at the end of that line.
    const isEmpty = end > last && last === start && parts.length > 0
    const isContinued = hasBackslash || (isEmpty && removeBackslash(pieces))
    if (isContinued && !hasBackslash) length--
    const piece = text.slice(start, hasBackslash ? last - 1 : last)
    parts.push({ at: length, start })
    pieces.push(piece)
    length += piece.length
    if (!isContinued || end === text.length) {
      const isSingle = parts.length === 1
      const joined = isSingle ? piece : pieces.join('')
      return { text: joined, offsetOf: offsetsOf(parts), isSingle, end, lineFeeds }
    }
    start = end
  }
}
