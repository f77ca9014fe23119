/** A word as one can type it. */
export const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

export const shellLine = (words: readonly string[]): string => words.map(shellQuoted).join(' ')
