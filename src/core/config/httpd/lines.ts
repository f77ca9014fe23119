import { noPlaceholders, placeholdersIn } from '../placeholders.ts'
import type { ConfigProblem } from '../text.ts'
import { type Joined, joinFrom } from './join.ts'
import { readWord } from './word.ts'

/** A piece of an httpd configuration. Bytes between tokens belong to none. */
export interface HttpdToken {
  readonly kind:
    | 'word'
    /** `<` with the name of a section. */
    | 'open'
    /** `>` at the end of the line that opens a section. */
    | 'end'
    /** `</NAME>` */
    | 'close'
    | 'comment'
    /** A statement of a template language, or a placeholder that is alone on its line. */
    | 'opaque'
  readonly start: number
  /** Exclusive. */
  readonly end: number
  /**
   * A word as httpd reads it: without quotes, escapes and the backslashes of continuation lines.
   * Variables (`${NAME}`) and placeholders stay as they are written. Of `open` and `close`: the name.
   * Other tokens: their text.
   */
  readonly value: string
  /** False for a word with a variable or a placeholder: its value differs by host. */
  readonly isFixed: boolean
}

/** A line with the lines that continue it. */
export interface HttpdLine {
  readonly kind: 'directive' | 'open' | 'close'
  /** In lower case: httpd ignores the case. */
  readonly name: string
  /** The name and the arguments; of a section, those before its `>`. */
  readonly words: readonly HttpdToken[]
  readonly args: readonly string[]
  /** As httpd sees it: with its continuation lines, without blanks at both ends. */
  readonly text: string
  /** The first one, from 1. */
  readonly line: number
  readonly start: number
  /** After its last token. */
  readonly end: number
}

export interface HttpdLines {
  /** In the order of the text. */
  readonly tokens: readonly HttpdToken[]
  readonly lines: readonly HttpdLine[]
  /** What httpd would refuse. */
  readonly problems: readonly ConfigProblem[]
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

const leadingBlanks = (text: string, from: number, end: number): number => {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at++
  return at
}

const trailingBlanks = (text: string, from: number): number => {
  let end = text.length
  while (end > from && isBlank(text.charCodeAt(end - 1))) end--
  return end
}

/** The blanks of a line before its first word. */
const indentEnd = (text: string, from: number): number => {
  let at = from
  while (text.charCodeAt(at) !== 10 && isBlank(text.charCodeAt(at))) at++
  return at
}

/**
 * Splits a configuration into lines and words as ap_cfg_getline() and ap_getword_conf() of httpd's
 * server/util.c do. Takes any text, in time proportional to its length.
 * @param isTemplate whether it contains statements and placeholders of a template language, of which
 *   httpd knows none.
 */
export const readHttpdLines = (text: string, isTemplate: boolean): HttpdLines => {
  const tokens: HttpdToken[] = []
  const lines: HttpdLine[] = []
  const problems: ConfigProblem[] = []
  const placeholders = isTemplate ? placeholdersIn(text) : noPlaceholders
  let line = 1
  let from = 0

  const add = (token: HttpdToken): HttpdToken => {
    tokens.push(token)
    return token
  }

  /** Where a placeholder of a line ends, in offsets of its joined text. */
  const placeholderEndIn = ({ isSingle, text: joined }: Joined) => {
    const shift = isSingle ? from : 0
    const { endInQuotes } = isSingle || !isTemplate ? placeholders : placeholdersIn(joined)
    return (at: number): number | null => {
      const end = endInQuotes(at + shift)
      return end === null ? null : end - shift
    }
  }

  const readLine = (joined: Joined): void => {
    const { offsetOf, text: content } = joined
    const first = leadingBlanks(content, 0, content.length)
    const last = trailingBlanks(content, first)
    if (first === last) return
    if (content.startsWith('#', first)) {
      const [start, end] = [offsetOf(first, false), offsetOf(last, true)]
      add({ kind: 'comment', start, end, value: text.slice(start, end), isFixed: true })
      return
    }
    const placeholderEnd = placeholderEndIn(joined)
    const words: HttpdToken[] = []
    const token = (
      kind: HttpdToken['kind'],
      start: number,
      end: number,
      value: string,
      isFixed: boolean,
    ): HttpdToken =>
      add({ kind, start: offsetOf(start, false), end: offsetOf(end, true), value, isFixed })
    const readWords = (start: number, end: number): void => {
      for (let at = leadingBlanks(content, start, end); at < end; ) {
        const word = readWord(content, at, end, placeholderEnd)
        words.push(token('word', at, word.end, word.value, word.isFixed))
        at = leadingBlanks(content, word.end, end)
      }
    }
    const finish = (kind: HttpdLine['kind'], name: string): void => {
      const args = words.slice(1).map(({ value }) => value)
      const [start, end] = [words[0]?.start ?? from, tokens.at(-1)?.end ?? from]
      const whole = content.slice(first, last)
      lines.push({ kind, name: name.toLowerCase(), words, args, text: whole, line, start, end })
    }

    const { end: nameEnd, isFixed, value: name } = readWord(content, first, last, placeholderEnd)
    if (!name.startsWith('<') || (!isFixed && name.startsWith('<%'))) {
      readWords(first, last)
      finish('directive', name)
      return
    }
    const isWhole = name.endsWith('>')
    const value = name.slice(name.startsWith('</') ? 2 : 1, isWhole ? -1 : undefined)
    if (name.startsWith('</')) {
      words.push(token('close', first, nameEnd, value, isFixed))
      if (!isWhole) problems.push({ at: words[0]?.start ?? from, message: `"${name}" has no ">"` })
      finish('close', value)
      return
    }
    // httpd itself looks for the last one.
    const bracket = content.lastIndexOf('>', last)
    const openEnd = isWhole && bracket < nameEnd ? bracket : nameEnd
    words.push(token('open', first, openEnd, value, isFixed))
    if (bracket < openEnd) {
      problems.push({ at: words[0]?.start ?? from, message: `"${name}" has no ">"` })
      readWords(openEnd, last)
    } else {
      readWords(openEnd, bracket)
      token('end', bracket, bracket + 1, '>', true)
    }
    finish('open', value)
  }

  while (from < text.length) {
    const at = indentEnd(text, from)
    const statementEnd = placeholders.statementEnd(at)
    if (statementEnd === null) {
      const joined = joinFrom(text, from)
      readLine(joined)
      line += joined.lineFeeds
      from = joined.end
    } else {
      const value = text.slice(at, statementEnd)
      add({ kind: 'opaque', start: at, end: statementEnd, value, isFixed: false })
      line += value.split('\n').length - 1
      from = statementEnd
    }
  }
  const nul = text.indexOf('\0')
  if (nul !== -1) problems.push({ at: nul, message: 'a NUL ends the line' })
  return { tokens, lines, problems }
}
