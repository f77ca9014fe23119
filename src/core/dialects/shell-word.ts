/** A word of a POSIX shell that is exactly this text. */
export const shellWord = (value: string | number): string => {
  const text = String(value)
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
