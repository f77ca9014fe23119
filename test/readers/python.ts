const letters: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
  ...{ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\u000b' },
}

/** As in Python's reference: an escape that it does not know stays as it is. */
const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{[^}]*\}|([\s\S]))/g,
    (whole: string, x?: string, u?: string, long?: string, octal?: string, letter?: string) => {
      const hexadecimal = x ?? u ?? long
      if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      if (letter === undefined) throw new Error(`a name of a character: ${whole}`)
      return letters[letter] ?? whole
    },
  )

const token =
  /[ \t\n]+|#[^\n]*|(?<word>[A-Za-z_]\w*|[-=,.*/()[\]{}:])|"(?<double>(?:[^"\\\n]|\\[\s\S])*)"/y

/** A text or a word of a program. */
export interface PythonToken {
  readonly kind: 'text' | 'word'
  readonly value: string
}

/** The words and texts of a program that has nothing but names, signs and texts in double quotes. */
export const readPython = (program: string): readonly PythonToken[] => {
  const tokens: PythonToken[] = []
  token.lastIndex = 0
  while (token.lastIndex < program.length) {
    const start = token.lastIndex
    const found = token.exec(program)
    if (found === null) throw new Error(`no Python: ${program.slice(start, start + 80)}`)
    const { word, double } = found.groups ?? {}
    if (word !== undefined) tokens.push({ kind: 'word', value: word })
    if (double !== undefined) tokens.push({ kind: 'text', value: unescaped(double) })
  }
  return tokens
}
