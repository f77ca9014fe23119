export const isQuote = (character: string | undefined): boolean =>
  character === '"' || character === "'"

/** Where the quote that opens at `start` closes, a backslash keeping it open; else the end of the text. */
export const closingQuote = (text: string, start: number): number => {
  const quote = text[start]
  let at = start + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}

/** Where an unquoted value ends: at the first such character that no backslash protects. */
export const bareEnd = (text: string, start: number, ends: RegExp): number => {
  let at = start
  while (at < text.length && !ends.test(text.charAt(at))) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}
