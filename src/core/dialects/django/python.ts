const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A literal of Python that is exactly this number or text, in ASCII. */
export const pythonLiteral = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : `"${value.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/gu, escaped)}"`
