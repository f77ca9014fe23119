/** Names, types and numbers of ours, and the names of upstreams: none needs quotes in a comment or outside. */
export const sqlWord = (value: string | number): string => {
  const text = String(value)
  if (!/^[\w.()-]+$/.test(text)) throw new RangeError(`"${text}" is no plain word of SQL`)
  return text
}
