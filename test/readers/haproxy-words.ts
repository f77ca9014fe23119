import { decodeWord } from './decode-word.ts'
import { ReaderError } from './reader-error.ts'

/** The environment in which the configuration is read; an absent variable is an empty string. */
export type Environment = ReadonlyMap<string, string>

/** A line may have so many words, its keyword counted. */
const maxWords = 64

/** After a backslash outside of single quotes; `\x41` and the dollar have rules of their own. */
const escapes: ReadonlyMap<string, string> = new Map([
  ...['\\', ' ', '#', "'", '"'].map((one): [string, string] => [one, one]),
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
])

/** A carriage return ends the line where it touches a word, and is a blank elsewhere. */
const lineEnds = new Set(['', '\r', '\n'])
const blanks = new Set([' ', '\t', '\u000b', '\u000c'])
const nameStart = /[A-Za-z_]/
const variable = /(\{?)([A-Za-z_][A-Za-z0-9_]*)(\}?)/y
const hexadecimal = /^[0-9A-Fa-f]{2}$/

interface Word {
  readonly bytes: number[]
}

const append = (word: Word, binary: string): void => {
  for (const one of binary) word.bytes.push(one.charCodeAt(0))
}

/** HAProxy's words are C strings: they end at a NUL, which only `\x00` can bring in. */
const textOf = ({ bytes }: Word, line: number): string => {
  const end = bytes.indexOf(0)
  return decodeWord(Uint8Array.from(end < 0 ? bytes : bytes.slice(0, end)), line)
}

/**
 * The words of one line (without its line end; one character for each byte), by section 2.2 of
 * HAProxy's configuration manual: what every version since 2.2 reads alike. A word that comes out
 * empty is the end of the list, as it is for HAProxy.
 * Throws ReaderError with HAProxy's message.
 */
export const haproxyWords = (
  text: string,
  line: number,
  environment: Environment,
): readonly string[] => {
  const words: Word[] = []
  let word: Word | null = null
  let quote: '"' | "'" | null = null
  let at = 0

  const open = (): Word => {
    if (word !== null) return word
    word = { bytes: [] }
    words.push(word)
    return word
  }

  const refuse = (message: string): never => {
    throw new ReaderError(message, line)
  }

  const readEscape = (): void => {
    const next = text.charAt(at + 1)
    if (next === 'x') {
      const digits = text.slice(at + 2, at + 4)
      if (!hexadecimal.test(digits)) refuse('truncated or invalid hexadecimal sequence')
      open().bytes.push(Number.parseInt(digits, 16))
      at += 4
      return
    }
    const meant = next === '$' && quote === '"' ? '$' : escapes.get(next)
    append(open(), meant ?? '\\')
    at += meant === undefined ? 1 : 2
  }

  const readVariable = (): void => {
    const first = text.charAt(at + 1) === '{' ? at + 2 : at + 1
    if (!nameStart.test(text.charAt(first))) {
      refuse('forbidden first char in environment variable name')
    }
    variable.lastIndex = at + 1
    const [all = '', opening = '', name = '', closing = ''] = variable.exec(text) ?? []
    if (opening !== '' && closing === '') refuse('unmatched brace in environment variable name')
    const kept = opening === '' ? closing.length : 0
    append(open(), Buffer.from(environment.get(name) ?? '', 'utf8').toString('latin1'))
    at += 1 + all.length - kept
  }

  for (;;) {
    const one = text.charAt(at)
    if (one === '\r' && word === null) {
      at += 1
      continue
    }
    if (lineEnds.has(one)) break
    if (one === '#' && quote === null) break
    if (one === quote) {
      quote = null
      at += 1
    } else if ((one === '"' || one === "'") && quote === null) {
      quote = one
      open()
      at += 1
    } else if (one === '\\' && quote !== "'") {
      readEscape()
    } else if (one === '$' && quote === '"') {
      readVariable()
    } else if (blanks.has(one) && quote === null) {
      word = null
      at += 1
    } else {
      append(open(), one)
      at += 1
    }
  }
  if (quote !== null) refuse('unmatched quote')
  // A blank begins a word, even where none follows.
  if (words.length + (word === null ? 1 : 0) > maxWords) refuse('too many words')
  const texts = words.map((each) => textOf(each, line))
  const end = texts.indexOf('')
  return end < 0 ? texts : texts.slice(0, end)
}
