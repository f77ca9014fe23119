import { type Environment, haproxyWords } from './haproxy-words.ts'
import { ReaderError } from './reader-error.ts'

export interface Line {
  readonly words: readonly string[]
  /** From 1. */
  readonly line: number
}

/** A section with its lines: `words` are its keyword and arguments, such as "backend", "app". */
export interface Section extends Line {
  readonly lines: readonly Line[]
}

const keywords = new Set([
  ...['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'mailers'],
  ...['userlist', 'cache', 'program', 'ring', 'http-errors', 'fcgi-app', 'log-forward'],
])

/**
 * Reads HAProxy configuration text into sections and lines of words, with none of sessctl's own
 * code and no keyword's meaning except where a section begins.
 * Throws ReaderError where HAProxy 2.2 or a later one would refuse the text.
 */
export const readHaproxy = (
  text: string | Uint8Array,
  environment: Environment = new Map(),
): readonly Section[] => {
  const lines = Buffer.from(text).toString('latin1').split('\n')
  if (lines.pop() !== '') throw new ReaderError('Missing LF on last line', lines.length + 1)
  const sections: (Section & { readonly lines: Line[] })[] = []
  for (const [index, content] of lines.entries()) {
    const line = index + 1
    if (content.includes('\0')) throw new ReaderError('Stray NUL character', line)
    const words = haproxyWords(content, line, environment)
    const [keyword] = words
    if (keyword === undefined) continue
    const section = sections.at(-1)
    if (keywords.has(keyword)) sections.push({ words, line, lines: [] })
    else if (section === undefined) throw new ReaderError('out of section', line)
    else section.lines.push({ words, line })
  }
  return sections
}
