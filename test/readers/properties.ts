/** Natural lines, joined where an odd number of backslashes stands at the end of one. */
const logicalLines = (text: string): readonly string[] => {
  const lines: string[] = []
  let open: string | null = null
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line: string = (open ?? '') + natural.replace(/^[ \t\f]+/, '')
    const isComment = open === null && /^[#!]/.test(line)
    if (!isComment && /(?<!\\)(?:\\\\)*\\$/.test(line)) {
      open = line.slice(0, -1)
      continue
    }
    open = null
    if (!isComment && line !== '') lines.push(line)
  }
  return open === null ? lines : [...lines, open]
}

const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (_, code?: string, character = '') =>
    code === undefined
      ? (letters[character] ?? character)
      : String.fromCharCode(Number.parseInt(code, 16)),
  )

/** Keys and values of a properties file, as the documentation of java.util.Properties has it. */
export const readProperties = (text: string): readonly (readonly [string, string])[] =>
  logicalLines(text).map((line) => {
    const [, key = '', value = ''] =
      /^((?:[^\\=: \t\f]|\\[\s\S])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line) ?? []
    return [unescaped(key), unescaped(value)]
  })
