const blank = /[ \t\n\v\f\r]/
const blanks = /[ \t\n\v\f\r]*/y

const skipBlanks = (text: string, at: number): number => {
  blanks.lastIndex = at
  blanks.test(text)
  return blanks.lastIndex
}

/** In a word, a backslash stands for the backslash or the word's own quote after it, and no other. */
const undoBackslashes = (raw: string, quote: string): string => {
  let word = ''
  for (let at = 0; at < raw.length; at += 1) {
    const next = raw.charAt(at + 1)
    const escapes = raw.charAt(at) === '\\' && (next === '\\' || (quote !== '' && next === quote))
    if (escapes) at += 1
    word += raw.charAt(at)
  }
  return word
}

const endOfQuoted = (text: string, start: number, quote: string): number => {
  let at = start
  while (at < text.length && text.charAt(at) !== quote) {
    const next = text.charAt(at + 1)
    at += text.charAt(at) === '\\' && (next === quote || next === '\\') ? 2 : 1
  }
  return at
}

/**
 * The words of a directive's line (one character for each byte), as Apache httpd takes them one by
 * one: a quote counts at the beginning of a word only, and is closed by the end of the line as well.
 */
export const httpdWords = (text: string): readonly string[] => {
  const words: string[] = []
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const first = text.charAt(at)
    const quote = first === '"' || first === "'" ? first : ''
    const start = at + quote.length
    let end = start
    if (quote !== '') end = endOfQuoted(text, start, quote)
    else while (end < text.length && !blank.test(text.charAt(end))) end += 1
    words.push(undoBackslashes(text.slice(start, end), quote))
    at = skipBlanks(text, text.charAt(end) === quote ? end + quote.length : end)
  }
  return words
}
