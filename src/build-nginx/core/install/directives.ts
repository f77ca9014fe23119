/** A directive of nginx's configuration, with the blocks it stands in. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  /** `http`, `server`: from the outside in. */
  readonly within: readonly string[]
}

const token =
  /\s+|#[^\n]*|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|[;{}]|(?:\\[\s\S]|\$\{|[^\s;{}"'\\])(?:\\[\s\S]|\$\{[^}]*\}|[^\s;{}\\])*/g

const plain = (text: string): string => text.replace(/\\(["'\\ ;{}])/g, '$1')

/**
 * What `nginx -T` shows, or a file, as directives in their order. nginx itself has accepted the
 * text, so that nothing is checked here; the bodies of Lua blocks are read as they come.
 */
export const readDirectives = (text: string): readonly Directive[] => {
  const found: Directive[] = []
  const within: string[] = []
  let words: string[] = []
  for (const [whole, double, single] of text.matchAll(token)) {
    if (/^\s|^#/.test(whole)) continue
    if (whole === '}') within.pop()
    else if (whole === ';' || whole === '{') {
      const [name, ...args] = words
      words = []
      if (name !== undefined) found.push({ name, args, within: [...within] })
      if (whole === '{') within.push(name ?? '')
    } else words.push(plain(double ?? single ?? whole))
  }
  return found
}
