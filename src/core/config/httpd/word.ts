export interface ReadWord {
  readonly end: number
  readonly value: string
  readonly isFixed: boolean
}

const [doubleQuote, dollar, singleQuote, less, backslash, openBrace] = [34, 36, 39, 60, 92, 123]

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

/**
 * Reads the word that begins at an offset. A quote counts at the beginning of a word only, and is
 * closed by the end of the line as well; a backslash stands for a backslash or the quote after it.
 * @param placeholderEnd where a placeholder that begins at an offset ends; null: none begins there.
 */
export const readWord = (
  text: string,
  start: number,
  lineEnd: number,
  placeholderEnd: (at: number) => number | null,
): ReadWord => {
  const first = text.charCodeAt(start)
  const quote = first === doubleQuote || first === singleQuote ? first : 0
  let at = quote === 0 ? start : start + 1
  /** What is before it is in the value already. */
  let copied = at
  let value = ''
  let isFixed = true
  while (at < lineEnd) {
    const code = text.charCodeAt(at)
    if (quote === 0 ? isBlank(code) : code === quote) break
    if (code === openBrace || code === less) {
      const end = placeholderEnd(at)
      if (end !== null) {
        isFixed = false
        at = Math.min(end, lineEnd)
        continue
      }
    }
    if (code === backslash && at + 1 < lineEnd) {
      const next = text.charCodeAt(at + 1)
      if (next === backslash || (quote !== 0 && next === quote)) {
        value += text.slice(copied, at)
        copied = at + 1
        at++
      }
    } else if (code === dollar && text.charCodeAt(at + 1) === openBrace) isFixed = false
    at++
  }
  value += text.slice(copied, at)
  const isClosed = quote !== 0 && at < lineEnd
  return { end: isClosed ? at + 1 : at, value, isFixed }
}

const none = (): null => null

/** The words of a line as httpd reads them. */
export const httpdWords = (text: string): readonly string[] => {
  const words: string[] = []
  for (let at = 0; at < text.length; ) {
    if (isBlank(text.charCodeAt(at))) at++
    else {
      const { end, value } = readWord(text, at, text.length, none)
      words.push(value)
      at = end
    }
  }
  return words
}
