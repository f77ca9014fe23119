import { decodeWord } from './decode-word.ts'
import { httpdWords } from './httpd-words.ts'
import { ReaderError } from './reader-error.ts'

/** A directive or a section; `section` is null for a directive. */
export interface HttpdDirective {
  /** As written; httpd does not mind its case. */
  readonly name: string
  readonly args: readonly string[]
  /** First line of the directive, from 1. */
  readonly line: number
  readonly section: readonly HttpdDirective[] | null
}

/** What `Define` has defined, and the environment. */
export type Definitions = ReadonlyMap<string, string>

interface LogicalLine {
  readonly text: string
  readonly line: number
}

/** Lines as httpd sees them: a backslash at the end joins, even a second one; outer blanks go. */
const logicalLines = (text: string): readonly LogicalLine[] => {
  const lines: LogicalLine[] = []
  let joined = ''
  let first = 1
  for (const [index, content] of text.split('\n').entries()) {
    joined = (joined + content).replace(/\r$/, '')
    if (joined.endsWith('\\')) {
      joined = joined.slice(0, -1)
      continue
    }
    lines.push({
      text: joined.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, ''),
      line: first,
    })
    joined = ''
    first = index + 2
  }
  if (joined !== '') lines.push({ text: joined.trim(), line: first })
  return lines
}

const variable = /\$\{([^}]*)\}/g

/** httpd fills variables in before it looks for words, so that a value can bring its own quotes. */
const fillIn = (line: string, definitions: Definitions): string =>
  line.replace(variable, (all, name: string) => definitions.get(name) ?? all)

/** One character for each byte. */
const binaryOf = (text: string | Uint8Array): string => Buffer.from(text).toString('latin1')

/**
 * Reads Apache httpd configuration text into its tree of directives and sections, with none of
 * sessctl's own code. `%{...}` and a directive's own meaning are not looked at; Include is not
 * followed. Throws ReaderError where httpd would refuse the text.
 */
export const readHttpd = (
  text: string | Uint8Array,
  definitions: Definitions = new Map(),
): readonly HttpdDirective[] => {
  const binary = new Map([...definitions].map(([name, value]) => [name, binaryOf(value)] as const))
  const bytes = binaryOf(text)
  const root: HttpdDirective[] = []
  const open: { readonly name: string; readonly line: number; readonly into: HttpdDirective[] }[] =
    []
  for (const { text: raw, line } of logicalLines(bytes)) {
    if (raw.includes('\0')) throw new ReaderError('NUL ends the line', line)
    if (raw === '' || raw.startsWith('#')) continue
    const content = fillIn(raw, binary)
    const into = open.at(-1)?.into ?? root
    const words = (part: string): readonly string[] =>
      httpdWords(part).map((word) => decodeWord(Buffer.from(word, 'latin1'), line))
    if (!content.startsWith('<')) {
      const [name = '', ...args] = words(content)
      into.push({ name, args, line, section: null })
      continue
    }
    const end = content.lastIndexOf('>')
    if (end < 0) throw new ReaderError('directive missing closing ">"', line)
    const [name = '', ...args] = words(content.slice(1, end))
    if (!name.startsWith('/')) {
      const section: HttpdDirective[] = []
      into.push({ name, args, line, section })
      open.push({ name, line, into: section })
      continue
    }
    const opened = open.pop()
    if (opened?.name.toLowerCase() !== name.slice(1).toLowerCase()) {
      throw new ReaderError(`unexpected <${name}>`, line)
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw new ReaderError(`<${unclosed.name}> was not closed`, unclosed.line)
  return root
}
