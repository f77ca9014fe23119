/** Words that a POSIX shell would make of a text; null for one that it would not accept. */
export const shellWords = (text: string): readonly string[] | null => {
  const words: string[] = []
  let word: string | null = null
  let at = 0
  const take = (more: string): void => {
    word = (word ?? '') + more
  }
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end === -1) return null
      take(text.slice(at + 1, end))
      at = end + 1
    } else if (character === '"') {
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(text.slice(at))
      if (quoted === null) return null
      // Within double quotes a backslash is one, but before what could end or fill them.
      take(
        (quoted[1] ?? '').replace(/\\([$`"\\\n])/g, (_, next: string) =>
          next === '\n' ? '' : next,
        ),
      )
      at += quoted[0].length
    } else if (character === '\\') {
      if (at + 1 >= text.length) return null
      const next = text.charAt(at + 1)
      if (next !== '\n') take(next)
      at += 2
    } else if (/[ \t\n]/.test(character)) {
      if (word !== null) words.push(word)
      word = null
      at++
    } else {
      take(character)
      at++
    }
  }
  if (word !== null) words.push(word)
  return words
}

/** A word as one can type it. */
export const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

export const shellLine = (words: readonly string[]): string => words.map(shellQuoted).join(' ')
