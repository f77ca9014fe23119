import { looksLikeTemplate } from '../looks-like-template.ts'
import { type ConfigDocument, type ConfigProblem, decodeConfig } from '../text.ts'
import { type HaproxyLine, type HaproxyToken, haproxySections, readHaproxyLines } from './lines.ts'

/** A line of a section, with the branches of conditional blocks that it is in. */
export interface HaproxyStatement extends HaproxyLine {
  /** The `.if`, `.elif` or `.else` of each block, from the outside in. */
  readonly within: readonly HaproxyLine[]
}

export interface HaproxySection {
  /** `backend`, `defaults`, … */
  readonly keyword: string
  /** Null: it has none, such as `global`. */
  readonly name: string | null
  /** The `defaults` section that it names with `from`. */
  readonly from: string | null
  readonly header: HaproxyStatement
  /** Its lines in order, without its header and without the directives of conditional blocks. */
  readonly lines: readonly HaproxyStatement[]
}

export interface HaproxyConfig {
  readonly text: string
  readonly tokens: readonly HaproxyToken[]
  /** All lines with words, in order. */
  readonly lines: readonly HaproxyStatement[]
  /**
   * A section ends where the next one begins, even where one of them is in a conditional block: which
   * branch HAProxy takes is not known here.
   */
  readonly sections: readonly HaproxySection[]
  /** What HAProxy would refuse; empty for a configuration that it can split into sections of words. */
  readonly problems: readonly ConfigProblem[]
  /** Whether it was read as a template. */
  readonly isTemplate: boolean
}

/** How a configuration is read. */
export interface HaproxyReading {
  /**
   * Whether it contains statements and placeholders of a template language, of which HAProxy knows
   * none. `detect`: if it looks like a template.
   */
  readonly isTemplate: boolean | 'detect'
}

/** As many as HAProxy permits. */
const mostLevels = 16

const directives = /^\.(?:if|elif|else|endif|diag|notice|warning|alert)$/

const proxies = /^(?:frontend|backend|listen)$/

/** `defaults [NAME] [from NAME]`, `backend NAME [from NAME]`. */
const sectionOf = (header: HaproxyStatement, lines: HaproxyStatement[]): HaproxySection => {
  const { args, name: keyword } = header
  const isNameless = keyword === 'defaults' && args[0] === 'from'
  const rest = isNameless ? args : args.slice(1)
  const canInherit = keyword === 'defaults' || proxies.test(keyword)
  return {
    keyword,
    name: isNameless ? null : (args[0] ?? null),
    from: canInherit && rest[0] === 'from' ? (rest[1] ?? null) : null,
    header,
    lines,
  }
}

const readAs = (text: string, isTemplate: boolean): HaproxyConfig => {
  const read = readHaproxyLines(text, isTemplate)
  const problems = [...read.problems]
  const lines: HaproxyStatement[] = []
  const sections: HaproxySection[] = []
  let within: readonly HaproxyLine[] = []
  let section: HaproxyStatement[] | null = null
  let isOutside = false

  const refuse = ({ start }: HaproxyLine, message: string): void => {
    problems.push({ at: start, message })
  }

  /** The branches after a directive; of `.if` itself, those before it. */
  const follow = (line: HaproxyLine): void => {
    const branch = within.at(-1)
    if (line.name === '.if') {
      if (within.length >= mostLevels) refuse(line, `more than ${mostLevels} nested ".if"`)
      else within = [...within, line]
    } else if (line.name === '.endif') {
      if (branch === undefined) refuse(line, '".endif" without an ".if" before it')
      within = within.slice(0, -1)
    } else if (line.name === '.elif' || line.name === '.else') {
      if (branch === undefined) refuse(line, `"${line.name}" without an ".if" before it`)
      else if (branch.name === '.else') refuse(line, `"${line.name}" after ".else"`)
      else within = [...within.slice(0, -1), line]
    }
  }

  for (const line of read.lines) {
    if (directives.test(line.name)) {
      const outside = line.name === '.if' ? within : within.slice(0, -1)
      lines.push({ ...line, within: line.name.length > 6 ? within : outside })
      follow(line)
      continue
    }
    const statement = { ...line, within }
    lines.push(statement)
    if (haproxySections.has(line.name)) {
      section = []
      sections.push(sectionOf(statement, section))
    } else if (section !== null) section.push(statement)
    else if (!isOutside) {
      isOutside = true
      refuse(line, `"${line.name}" is in no section`)
    }
  }
  for (const line of within) refuse(line, `"${line.name}" has no ".endif"`)
  if (text !== '' && !text.endsWith('\n'))
    problems.push({ at: text.length, message: 'the last line has no line feed' })
  problems.sort((a, b) => a.at - b.at)
  return { text, tokens: read.tokens, lines, sections, problems, isTemplate }
}

/**
 * Reads an HAProxy configuration into sections, in time proportional to its length. Any text has a
 * result: what HAProxy would refuse is listed, and reading goes on after it.
 */
export const readHaproxyConfig = (
  text: string,
  { isTemplate }: HaproxyReading = { isTemplate: 'detect' },
): HaproxyConfig => readAs(text, isTemplate === 'detect' ? looksLikeTemplate(text) : isTemplate)

/** A file with the encoding in which it is written again. */
export type HaproxyDocument = HaproxyConfig & ConfigDocument

/**
 * Reads a configuration file of HAProxy without loss: `printConfig` returns the same bytes. It takes
 * any bytes and never throws; time and memory grow with the length of the file.
 */
export const readHaproxy = (bytes: Uint8Array, reading?: HaproxyReading): HaproxyDocument => {
  const { encoding, text } = decodeConfig(bytes)
  return { ...readHaproxyConfig(text, reading), encoding }
}
