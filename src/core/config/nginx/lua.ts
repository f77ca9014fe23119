/** A long bracket (`[[`, `[==[`) at an offset, with its closing form; null: none. */
const longBracket = (
  text: string,
  at: number,
): { readonly close: string; readonly end: number } | null => {
  if (text.charAt(at) !== '[') return null
  let index = at + 1
  while (text.charAt(index) === '=') index++
  return text.charAt(index) === '['
    ? { close: `]${'='.repeat(index - at - 1)}]`, end: index + 1 }
    : null
}

const after = (text: string, close: string, from: number): number => {
  const found = text.indexOf(close, from)
  return found === -1 ? text.length : found + close.length
}

const stringEnd = (text: string, at: number): number => {
  const quote = text.charAt(at)
  for (let index = at + 1; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '\\') index++
    // A string of Lua ends with its line.
    else if (character === quote || character === '\n') return index + 1
  }
  return text.length
}

/**
 * Where the body of a Lua block ends: at its closing brace, which is not part of it. Braces in
 * strings and comments of Lua do not count.
 * @param from after the opening brace.
 * @returns the length of the text where no brace closes the block.
 */
export const luaBlockEnd = (text: string, from: number): number => {
  let depth = 1
  let at = from
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '"' || character === "'") at = stringEnd(text, at)
    else if (character === '-' && text.charAt(at + 1) === '-') {
      const bracket = longBracket(text, at + 2)
      at = bracket === null ? after(text, '\n', at) : after(text, bracket.close, bracket.end)
    } else if (character === '[') {
      const bracket = longBracket(text, at)
      at = bracket === null ? at + 1 : after(text, bracket.close, bracket.end)
    } else {
      if (character === '{') depth++
      if (character === '}') {
        depth--
        if (depth === 0) return at
      }
      at++
    }
  }
  return text.length
}
