/** Longer than any line; without a limit, definitions of definitions would fill the memory. */
const longest = 65_536

/** Null: the text would be too long. */
const replaceAll = (
  text: string,
  pattern: RegExp,
  meant: (found: RegExpExecArray) => string,
): string | null => {
  const pieces: string[] = []
  let [at, length] = [0, 0]
  for (const found of text.matchAll(pattern)) {
    const value = meant(found)
    pieces.push(text.slice(at, found.index), value)
    length += found.index - at + value.length
    if (length > longest) return null
    at = found.index + found[0].length
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(at)
}

/**
 * Replaces variables in a line, as httpd does before it splits the line into words; unknown ones stay.
 * @param variables by names in lower case: `Define` ignores the case.
 */
export const replaceVariables = (
  text: string,
  variables: ReadonlyMap<string, string>,
  environment: ReadonlyMap<string, string>,
): string | null =>
  replaceAll(
    text,
    /\$\{([^}]*)\}/g,
    ([all, name = '']) => variables.get(name.toLowerCase()) ?? environment.get(name) ?? all,
  )

/** Replaces the parameters of a macro (`$a`, `%a`); the value of one with `@` is put in quotes. */
export const replaceParameters = (
  text: string,
  parameters: ReadonlyMap<string, string>,
): string | null => {
  const names = [...parameters.keys()].filter((name) => name !== '')
  if (names.length === 0) return text
  const longestFirst = names.sort((a, b) => b.length - a.length)
  const pattern = longestFirst.map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')
  return replaceAll(text, new RegExp(pattern, 'g'), ([name]) => {
    const value = parameters.get(name) ?? ''
    return name.startsWith('@') ? `"${value}"` : value
  })
}
