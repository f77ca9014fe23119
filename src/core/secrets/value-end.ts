export const isQuote = (character: string | undefined): boolean =>
  character === '"' || character === "'"

/** The offset of the quote that closes the one at `start`, ignoring escaped quotes; otherwise the end of the text. */
export const closingQuote = (text: string, start: number): number => {
  const quote = text[start]
  let at = start + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}

/** The end of an unquoted value: the first of these characters without a backslash before it. */
export const bareEnd = (text: string, start: number, ends: RegExp): number => {
  let at = start
  while (at < text.length && !ends.test(text.charAt(at))) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}
