/** `${NAME}` of ours, where the runtime puts the value of the variable. */
export const placeholderWord = (value: string | number): string => {
  const text = String(value)
  if (!/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text))
    throw new RangeError(`"${text}" is no placeholder`)
  return text
}
