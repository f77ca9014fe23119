import { decodeWord } from './decode-word.ts'
import { ReaderError } from './reader-error.ts'

/** What ended a run of words: a directive, the opening of a block, its closing, or the file. */
export type StatementEnd = ';' | '{' | '}' | 'eof'

export interface Statement {
  readonly words: readonly string[]
  readonly end: StatementEnd
  /** Line of the first word; of the end where there is no word. */
  readonly line: number
  /** Line on which the statement ended: the one nginx names when it does not like it. */
  readonly endLine: number
}

/** nginx keeps the word it is reading, and what follows it, in a buffer of this many bytes. */
const bufferSize = 4096

const code = (character: string): number => character.charCodeAt(0)
const LF = code('\n')
const blanks: ReadonlySet<number> = new Set([code(' '), code('\t'), code('\r'), LF])
const SEMICOLON = code(';')
const OPEN = code('{')
const CLOSE = code('}')
const BACKSLASH = code('\\')
const DOLLAR = code('$')
const HASH = code('#')
const PARENTHESIS = code(')')
const QUOTES: ReadonlySet<number> = new Set([code('"'), code("'")])
const END = -1

/** What a backslash means in every word, quoted or not; before any other byte it stays as it is. */
const undone: ReadonlyMap<number, number> = new Map([
  [code('"'), code('"')],
  [code("'"), code("'")],
  [BACKSLASH, BACKSLASH],
  [code('t'), code('\t')],
  [code('r'), code('\r')],
  [code('n'), LF],
])

const undoBackslashes = (raw: Uint8Array): Uint8Array => {
  const word: number[] = []
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0
    const meant = byte === BACKSLASH ? undone.get(raw[at + 1] ?? END) : undefined
    word.push(meant ?? byte)
    if (meant !== undefined) at += 1
  }
  return Uint8Array.from(word)
}

const shown = (byte: number): string => `unexpected "${String.fromCharCode(byte)}"`

/**
 * Reads nginx statements one after another, as nginx documents and shows its own reading: the
 * returned function gives the next one, and 'eof' for ever after the last.
 * Throws ReaderError with the message and the line of nginx.
 */
export const statementsOf = (bytes: Uint8Array): (() => Statement) => {
  let position = 0
  let line = 1
  /** Everything from here on has to stay in the buffer; it ends at `buffered`. */
  let mark = 0
  let markLine = 1
  let buffered = Math.min(bytes.length, bufferSize)

  const next = (): number => {
    if (position >= buffered) {
      if (position >= bytes.length) return END
      if (position - mark >= bufferSize) throw new ReaderError('too long parameter', markLine)
      buffered = Math.min(bytes.length, mark + bufferSize)
    }
    const byte = bytes[position] ?? END
    position += 1
    if (byte === LF) line += 1
    return byte
  }

  const markFrom = (start: number): void => {
    mark = start
    markLine = line
  }

  const inWord = (): number => {
    const byte = next()
    if (byte === END) throw new ReaderError('unexpected end of file', line)
    return byte
  }

  /** Reads to the byte that ends the word and returns it; `afterDollar`: a `{` is still the word's. */
  const toEnd = (ends: (byte: number) => boolean, first: number): number => {
    let afterDollar = first === DOLLAR
    if (first === BACKSLASH) inWord()
    for (;;) {
      const byte = inWord()
      if (byte === OPEN && afterDollar) continue
      afterDollar = byte === DOLLAR
      if (byte === BACKSLASH) inWord()
      else if (ends(byte)) return byte
    }
  }

  const wordFrom = (start: number): string =>
    decodeWord(undoBackslashes(bytes.subarray(start, position - 1)), line)

  const endsBareWord = (byte: number): boolean =>
    blanks.has(byte) || byte === SEMICOLON || byte === OPEN

  const bareWord = (first: number, words: string[]): number => {
    const start = position - 1
    const end = toEnd(endsBareWord, first)
    words.push(wordFrom(start))
    return end
  }

  /** A quoted word, and what follows its quote: only a blank, `;`, `{` or `)` may. */
  const quotedWord = (quote: number, words: string[]): number => {
    const start = position
    mark = start
    toEnd((byte) => byte === quote, END)
    words.push(wordFrom(start))
    const after = inWord()
    if (after === PARENTHESIS) {
      markFrom(position - 1)
      return bareWord(after, words)
    }
    if (!endsBareWord(after)) throw new ReaderError(shown(after), line)
    return after
  }

  /** A comment has to fit into the buffer as well, up to its line end. */
  const skipComment = (): void => {
    for (let byte = next(); byte !== LF && byte !== END; ) byte = next()
    markFrom(position - 1)
  }

  return () => {
    const words: string[] = []
    let firstLine = 0
    markFrom(position)
    for (;;) {
      let byte = next()
      if (byte === END) {
        if (words.length > 0) throw new ReaderError('unexpected end of file', line)
        return { words, end: 'eof', line, endLine: line }
      }
      markFrom(position - 1)
      if (blanks.has(byte)) continue
      if (byte === HASH) {
        skipComment()
        continue
      }
      if (byte === CLOSE) {
        if (words.length > 0) throw new ReaderError(shown(byte), line)
        return { words, end: '}', line, endLine: line }
      }
      if (byte === SEMICOLON || byte === OPEN) {
        if (words.length === 0) throw new ReaderError(shown(byte), line)
      } else {
        if (words.length === 0) firstLine = line
        byte = QUOTES.has(byte) ? quotedWord(byte, words) : bareWord(byte, words)
      }
      if (byte === SEMICOLON) return { words, end: ';', line: firstLine, endLine: line }
      if (byte === OPEN) return { words, end: '{', line: firstLine, endLine: line }
    }
  }
}
