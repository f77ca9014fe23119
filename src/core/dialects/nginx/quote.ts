/** What makes nginx end or misread a bare word; quotes and `#` matter at its start only, but read better quoted. */
const needsQuotes = /[\s;{}"'#]|^$/

/** Before these a backslash is undone by nginx, in every word; before anything else it stays as it is. */
const backslash = /\\(?=["'\\trn\t\r\n]|$)/g

const lineEnds: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }

/**
 * A value as one word of nginx configuration: nginx reads back exactly this value. Bare where that
 * is safe, else quoted. `$` is nginx's own business (there is no escape for it), so a caller that
 * means a literal `$` must refuse it. Source: ngx_conf_read_token().
 */
export const quote = (value: string | number): string => {
  const text = String(value)
  const undone = text.replace(backslash, '\\\\')
  if (!needsQuotes.test(text)) return undone
  const mark = text.includes('"') && !text.includes("'") ? "'" : '"'
  const escaped = undone
    .replaceAll(mark, `\\${mark}`)
    .replace(/[\t\r\n]/g, (character) => lineEnds[character] ?? character)
  return `${mark}${escaped}${mark}`
}

/** nginx keeps a word, its closing quote, a blank and what follows in a buffer of 4,096 bytes. */
export const longestWord = 4094

/** Bytes of a value as it is written, with the quote that closes it; the one before is not kept. */
export const writtenBytes = (value: string): number => {
  // Every character takes at most three bytes a UTF-16 unit, and may need a backslash.
  if (value.length * 4 <= longestWord) return value.length
  const bytes = new TextEncoder().encode(quote(value)).length
  return needsQuotes.test(value) ? bytes - 1 : bytes
}
