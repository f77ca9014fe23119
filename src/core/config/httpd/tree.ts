import { looksLikeTemplate } from '../looks-like-template.ts'
import { type ConfigDocument, type ConfigProblem, decodeConfig } from '../text.ts'
import { type HttpdLine, type HttpdToken, readHttpdLines } from './lines.ts'

/** A directive with its arguments; a section has children. Comments belong to none. */
export interface HttpdDirective {
  /** In lower case: httpd ignores the case. */
  readonly name: string
  /** Name and arguments as they are written; of a section, those before its `>`. */
  readonly words: readonly HttpdToken[]
  /** Arguments as httpd reads them. Variables are not replaced. */
  readonly args: readonly string[]
  /**
   * Its line as httpd sees it: with its continuation lines, without blanks at both ends. Of a section,
   * the line that opens it.
   */
  readonly text: string
  /** From 1. */
  readonly line: number
  readonly start: number
  /** After its last word; of a section, after the `>` of its closing line. */
  readonly end: number
  /** Null: no section. */
  readonly block: HttpdBlock | null
}

export interface HttpdBlock {
  /** After the `>` of the line that opens the section, and at `</`: the text between them. */
  readonly start: number
  readonly end: number
  readonly children: readonly HttpdDirective[]
}

export interface HttpdConfig {
  readonly text: string
  readonly tokens: readonly HttpdToken[]
  readonly directives: readonly HttpdDirective[]
  /** What httpd would refuse; empty for a configuration that it can split into directives. */
  readonly problems: readonly ConfigProblem[]
  /** Whether it was read as a template. */
  readonly isTemplate: boolean
}

/** How a configuration is read. */
export interface HttpdReading {
  /**
   * Whether it contains statements and placeholders of a template language, of which httpd knows none.
   * `detect`: if it looks like a template.
   */
  readonly isTemplate: boolean | 'detect'
}

interface Open {
  readonly line: HttpdLine
  readonly children: HttpdDirective[]
}

/** More than any configuration; callers read the tree by recursion. */
const mostLevels = 50

const directiveOf = (
  { args, line, name, start, text, words }: HttpdLine,
  end: number,
  block: HttpdBlock | null,
): HttpdDirective => ({ name, words, args, text, line, start, end, block })

const readAs = (text: string, isTemplate: boolean): HttpdConfig => {
  const { lines, problems: found, tokens } = readHttpdLines(text, isTemplate)
  const problems = [...found]
  const root: HttpdDirective[] = []
  const open: Open[] = []
  const refuse = (at: number, message: string): void => {
    problems.push({ at, message })
  }
  const add = (directive: HttpdDirective): void => {
    ;(open.at(-1)?.children ?? root).push(directive)
  }
  const close = (blockEnd: number, end: number): void => {
    const section = open.pop()
    if (section === undefined) return
    const block = { start: section.line.end, end: blockEnd, children: section.children }
    add(directiveOf(section.line, end, block))
  }
  for (const line of lines) {
    if (line.kind === 'directive') add(directiveOf(line, line.end, null))
    else if (line.kind === 'open') {
      if (open.length >= mostLevels) {
        refuse(line.start, `more than ${mostLevels} sections inside each other`)
        break
      }
      open.push({ line, children: [] })
    } else if (open.at(-1)?.line.name === line.name) close(line.start, line.end)
    else refuse(line.start, `</${line.name}> does not end a section of this text`)
  }
  for (const { line } of open) refuse(line.start, `<${line.name}> has no end`)
  while (open.length > 0) close(text.length, text.length)
  problems.sort((a, b) => a.at - b.at)
  return { text, tokens, directives: root, problems, isTemplate }
}

/**
 * Reads a configuration of httpd. Any text has a result: what httpd would refuse is listed, and reading
 * goes on after it. Files that it includes are not read.
 */
export const readHttpdConfig = (
  text: string,
  { isTemplate }: HttpdReading = { isTemplate: 'detect' },
): HttpdConfig => readAs(text, isTemplate === 'detect' ? looksLikeTemplate(text) : isTemplate)

/** A file with the encoding in which it is written again. */
export type HttpdDocument = HttpdConfig & ConfigDocument

/**
 * Reads a configuration file of httpd without loss: `printConfig` returns the same bytes. It takes any
 * bytes and never throws; time and memory grow with the length of the file.
 */
export const readHttpd = (bytes: Uint8Array, reading?: HttpdReading): HttpdDocument => {
  const { encoding, text } = decodeConfig(bytes)
  return { ...readHttpdConfig(text, reading), encoding }
}
