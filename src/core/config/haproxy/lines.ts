import { noPlaceholders, placeholdersIn } from '../placeholders.ts'
import type { ConfigProblem } from '../text.ts'
import { readWord } from './word.ts'

/**
 * A piece of an HAProxy configuration. Offsets count UTF-16 units of the text; the end is exclusive.
 * Bytes between tokens belong to none: blanks, line ends, and what follows a carriage return that ends
 * a line.
 */
export interface HaproxyToken {
  readonly kind:
    | 'word'
    | 'comment'
    /** A statement of a template language, or a placeholder that is alone on its line. */
    | 'opaque'
  readonly start: number
  readonly end: number
  /**
   * A word as HAProxy reads it: without quotes and escapes. Environment variables (`"${NAME}"`) and
   * placeholders stay as they are written. Other tokens: their text.
   */
  readonly value: string
  /** False for a word with an environment variable or a placeholder: its value differs by host. */
  readonly isFixed: boolean
}

/** A line of an HAProxy configuration that has words. */
export interface HaproxyLine {
  /** Its first word. */
  readonly name: string
  /** All its words, as they are written. */
  readonly words: readonly HaproxyToken[]
  /** The words after the first, as HAProxy reads them. */
  readonly args: readonly string[]
  /** From 1. */
  readonly line: number
  /** Of its first word. */
  readonly start: number
  /** Of its last word. */
  readonly end: number
}

export interface HaproxyLines {
  /** In the order of the text. */
  readonly tokens: readonly HaproxyToken[]
  readonly lines: readonly HaproxyLine[]
  /** What HAProxy would refuse. */
  readonly problems: readonly ConfigProblem[]
}

/** HAProxy refuses a line with more. */
const mostWords = 64

const [tab, lineFeed, carriageReturn, space, hash] = [9, 10, 13, 32, 35]
/** As isspace() of C; a line feed never occurs in a line. */
const isBlank = (code: number): boolean =>
  code === space || (code >= tab && code <= carriageReturn && code !== lineFeed)

/** Where the next `}` is. Asked with offsets that only grow, it searches the text once. */
const nextBrace = (text: string): ((from: number) => number) => {
  let next = -1
  return (from) => {
    if (next < from) {
      const found = text.indexOf('}', from)
      next = found === -1 ? text.length : found
    }
    return next
  }
}

const lineFeedsIn = (text: string): number => text.split('\n').length - 1

/**
 * Splits a configuration into lines and words as parse_line() of HAProxy's src/tools.c does. HAProxy
 * knows no continuation lines: a backslash at the end of a line is a character of its last word.
 * Takes any text, in time proportional to its length; what HAProxy would refuse is listed.
 * @param isTemplate whether it contains statements and placeholders of a template language, of which
 *   HAProxy knows none.
 */
export const readHaproxyLines = (text: string, isTemplate: boolean): HaproxyLines => {
  const tokens: HaproxyToken[] = []
  const lines: HaproxyLine[] = []
  const problems: ConfigProblem[] = []
  const placeholders = isTemplate ? placeholdersIn(text) : noPlaceholders
  const context = { text, placeholders, closeAfter: nextBrace(text) }
  let line = 1
  let [at, lineEnd] = [0, 0]

  const findLineEnd = (): void => {
    const found = text.indexOf('\n', at)
    lineEnd = found === -1 ? text.length : found
  }
  const add = (kind: HaproxyToken['kind'], end: number, value: string, isFixed: boolean) => {
    const token = { kind, start: at, end, value, isFixed } as const
    tokens.push(token)
    at = end
    return token
  }

  const readStatement = (end: number): void => {
    const { value } = add('opaque', end, text.slice(at, end), false)
    if (end <= lineEnd) return
    line += lineFeedsIn(value)
    findLineEnd()
  }

  /** HAProxy stops reading a line at its first fault. */
  const readWords = (): void => {
    const words: HaproxyToken[] = []
    let fault: ConfigProblem | null = null
    let isWhole = true
    while (at < lineEnd) {
      const code = text.charCodeAt(at)
      if (isBlank(code)) at++
      else if (code === hash) {
        const end = text.charCodeAt(lineEnd - 1) === carriageReturn ? lineEnd - 1 : lineEnd
        add('comment', end, text.slice(at, end), true)
        break
      } else {
        const statementEnd = words.length === 0 ? placeholders.statementEnd(at) : null
        if (statementEnd !== null) {
          readStatement(statementEnd)
          isWhole = false
          continue
        }
        const word = readWord(context, at, lineEnd)
        fault ??= word.fault
        isWhole &&= !isTemplate || word.isFixed
        words.push(add('word', word.end, word.value, word.isFixed))
        // A carriage return that touches a word ends the line.
        if (text.charCodeAt(at) === carriageReturn) break
      }
    }
    const [first] = words
    if (first === undefined) return
    if (words.length > mostWords) fault ??= { at: first.start, message: 'too many words' }
    // What a template puts into the line may complete it.
    if (fault !== null && isWhole) problems.push(fault)
    const args = words.slice(1).map(({ value }) => value)
    const end = words.at(-1)?.end ?? first.end
    lines.push({ name: first.value, words, args, line, start: first.start, end })
  }

  while (at < text.length) {
    findLineEnd()
    readWords()
    at = lineEnd + 1
    line++
  }
  const nul = text.indexOf('\0')
  if (nul !== -1) problems.push({ at: nul, message: 'stray NUL character' })
  return { tokens, lines, problems }
}

/** Whether the first word of a line is written without quotes, escapes and variables. */
export const isPlainName = (text: string, { words }: HaproxyLine): boolean => {
  const [first] = words
  return first !== undefined && !/["'\\$]/.test(text.slice(first.start, first.end))
}

/** Keywords that begin a section (manual of HAProxy 3.2, and `haproxy -dKcfg`). */
export const haproxySections: ReadonlySet<string> = new Set([
  ...['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'mailers'],
  ...['userlist', 'cache', 'program', 'ring', 'http-errors', 'fcgi-app', 'log-forward'],
  ...['log-profile', 'crt-store', 'traces', 'acme', 'namespace_list', 'healthcheck'],
])
