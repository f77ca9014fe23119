import type { Placeholders } from '../placeholders.ts'
import type { ConfigProblem } from '../text.ts'

/** What reading a word needs of the text around it. */
export interface WordContext {
  readonly text: string
  readonly placeholders: Placeholders
  /** Where the next `}` is. Asked with offsets that only grow. */
  readonly closeAfter: (from: number) => number
}

export interface ReadWord {
  readonly end: number
  readonly value: string
  readonly isFixed: boolean
  /** What HAProxy would refuse; its first fault. */
  readonly fault: ConfigProblem | null
}

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32]
const [doubleQuote, hash, dollar, singleQuote, less, backslash, openBrace] = [
  34, 35, 36, 39, 60, 92, 123,
]

const endsWord = (code: number): boolean =>
  code === space || code === hash || (code >= tab && code <= carriageReturn && code !== lineFeed)

const escapes: ReadonlyMap<string, string> = new Map([
  ...[' ', '\\', '#', "'", '"'].map((one): [string, string] => [one, one]),
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
])

const hexadecimal = /^x[0-9A-Fa-f]{2}$/
const variableName = /[A-Za-z_][A-Za-z0-9_]*|\.[A-Za-z0-9_]*/y

/** The end of the variable whose `$` is at an offset, or what HAProxy says of it. */
const variableEnd = (
  { closeAfter, text }: WordContext,
  at: number,
  lineEnd: number,
): number | string => {
  const hasBrace = text.charCodeAt(at + 1) === openBrace
  variableName.lastIndex = at + (hasBrace ? 2 : 1)
  if (!variableName.test(text)) return 'forbidden first char in environment variable name'
  let end = variableName.lastIndex
  if (!hasBrace) return end
  if (text.startsWith('[', end)) {
    if (!text.startsWith('[*]', end)) return 'truncated or invalid word expansion sequence'
    end += 3
  }
  // The default value may contain anything, quotes too.
  const close = text.startsWith('-', end) ? closeAfter(end) : end
  return close < lineEnd && text.startsWith('}', close)
    ? close + 1
    : 'unmatched brace in environment variable name'
}

/** Reads the word that begins at an offset; it ends at a blank, a comment or the end of the line. */
export const readWord = (context: WordContext, start: number, lineEnd: number): ReadWord => {
  const { placeholders, text } = context
  let value = ''
  let isFixed = true
  let fault: ConfigProblem | null = null
  /** The quote that is open; 0: none. */
  let quote = 0
  let quotedAt = start
  let at = start
  /** What is before it is in the value already. */
  let copied = start
  const refuse = (message: string): void => {
    fault ??= { at, message }
  }
  /** Puts a text in the place of the next characters. */
  const replace = (length: number, by: string): void => {
    value += text.slice(copied, at) + by
    at += length
    copied = at
  }

  const readEscape = (): void => {
    const next = at + 1 < lineEnd ? text.charAt(at + 1) : ''
    if (next === 'x') {
      const digits = text.slice(at + 1, Math.min(at + 4, lineEnd))
      if (hexadecimal.test(digits)) {
        replace(4, String.fromCharCode(Number.parseInt(digits.slice(1), 16)))
        return
      }
      refuse('truncated or invalid hexadecimal sequence')
    }
    const meant = next === '$' && quote === doubleQuote ? '$' : escapes.get(next)
    if (meant === undefined) at++
    else replace(2, meant)
  }

  const readVariable = (): void => {
    const end = variableEnd(context, at, lineEnd)
    if (typeof end === 'string') {
      refuse(end)
      at++
    } else {
      isFixed = false
      at = end
    }
  }

  while (at < lineEnd) {
    const code = text.charCodeAt(at)
    if (code === carriageReturn || (quote === 0 && endsWord(code))) break
    const placeholder = code === openBrace || code === less ? placeholders.endInQuotes(at) : null
    if (placeholder !== null) {
      isFixed = false
      at = placeholder
    } else if (code === quote) {
      quote = 0
      replace(1, '')
    } else if (quote === 0 && (code === doubleQuote || code === singleQuote)) {
      quote = code
      quotedAt = at
      replace(1, '')
    } else if (code === backslash && quote !== singleQuote) readEscape()
    else if (code === dollar && quote === doubleQuote) readVariable()
    else {
      // Outside of double quotes a `${` is text for HAProxy: envsubst replaces it.
      if (code === dollar && text.charCodeAt(at + 1) === openBrace) isFixed = false
      at++
    }
  }
  value += text.slice(copied, at)
  if (quote !== 0) fault ??= { at: quotedAt, message: 'unmatched quote' }
  return { end: at, value, isFixed, fault }
}
