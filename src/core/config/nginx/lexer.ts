import { noPlaceholders, type Placeholders, placeholdersIn } from '../placeholders.ts'
import type { ConfigProblem } from '../text.ts'
import { luaBlockEnd } from './lua.ts'

/** A piece of an nginx configuration. Whitespace between tokens belongs to none. */
export interface Token {
  readonly kind:
    | 'word'
    | 'comment'
    /** `;` */
    | 'end'
    /** `{` */
    | 'open'
    /** `}` */
    | 'close'
    /** Foreign text: the body of a Lua block, or a statement of a template language. */
    | 'opaque'
  readonly start: number
  /** Exclusive. */
  readonly end: number
  /** A word as nginx reads it: without quotes and escapes. Other tokens: their text. */
  readonly value: string
}

export type SyntaxProblem = ConfigProblem

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32]
const [quote, hash, dollar, apostrophe, semicolon] = [34, 35, 36, 39, 59]
const [less, backslash, openBrace, closeBrace] = [60, 92, 123, 125]

const isSpace = (code: number): boolean =>
  code === space || code === tab || code === lineFeed || code === carriageReturn

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' }

/** As ngx_conf_read_token() copies a word: other escapes keep their backslash. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(["'\\trn])/g, (_, character: string) => escapes[character] ?? character)
    : text

/** A piece of a word, and the placeholders in it, which nginx never sees. */
interface Piece {
  readonly end: number
  readonly foreign: readonly (readonly [start: number, end: number])[]
}

const wordValue = (text: string, start: number, end: number, { foreign }: Piece): string => {
  if (foreign.length === 0) return unescaped(text.slice(start, end))
  const parts: string[] = []
  let at = start
  for (const [from, to] of foreign) {
    parts.push(unescaped(text.slice(at, from)), text.slice(from, to))
    at = to
  }
  return [...parts, unescaped(text.slice(at, end))].join('')
}

/** Reads to the closing quote, which belongs to the piece; null: the text ends before it. */
const quotedPiece = (
  text: string,
  at: number,
  { endInQuotes }: Placeholders,
): Piece & { readonly isClosed: boolean } => {
  const mark = text.charCodeAt(at)
  const foreign: (readonly [number, number])[] = []
  let index = at + 1
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (code === mark) return { end: index + 1, foreign, isClosed: true }
    const end = code === openBrace || code === less ? endInQuotes(index) : null
    if (end !== null) {
      foreign.push([index, end])
      index = end
    } else index += code === backslash ? 2 : 1
  }
  return { end: text.length, foreign, isClosed: false }
}

/** A word without quotes ends at whitespace, `;` or a `{` that does not follow a `$`. */
const barePiece = (text: string, at: number, { endInWord }: Placeholders): Piece => {
  const foreign: (readonly [number, number])[] = []
  let index = at
  let isVariable = false
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (isSpace(code) || code === semicolon) return { end: index, foreign }
    const end = code === openBrace || code === less ? endInWord(index) : null
    if (end !== null) {
      foreign.push([index, end])
      index = end
      isVariable = false
    } else if (code === openBrace) {
      if (!isVariable) return { end: index, foreign }
      index++
    } else {
      isVariable = code === dollar
      index += code === backslash ? 2 : 1
    }
  }
  return { end: text.length, foreign }
}

const luaBlock = /_by_lua_block$/

export interface Lexed {
  readonly tokens: readonly Token[]
  readonly problems: readonly SyntaxProblem[]
}

/**
 * Splits a configuration into tokens as ngx_conf_read_token() of src/core/ngx_conf_file.c does. Takes
 * any text, in time proportional to its length.
 */
const lex = (text: string, placeholders: Placeholders): Lexed => {
  const tokens: Token[] = []
  const problems: SyntaxProblem[] = []
  const add = (kind: Token['kind'], start: number, end: number, value?: string): void => {
    tokens.push({ kind, start, end, value: value ?? text.slice(start, end) })
  }
  /** The name of the directive that is being read; null between directives. */
  let directive: string | null = null
  let at = 0
  const word = (end: number, value: string): void => {
    directive ??= value
    add('word', at, end, value)
    at = end
  }
  const quoted = (): void => {
    const piece = quotedPiece(text, at, placeholders)
    const last = piece.isClosed ? piece.end - 1 : piece.end
    if (!piece.isClosed)
      problems.push({ at, message: 'unexpected end of file: a quoted string has no end' })
    word(piece.end, wordValue(text, at + 1, last, piece))
    // nginx itself permits a closing parenthesis, for the conditions of `if`.
    const next = text.charAt(at)
    if (next !== '' && !/[ \t\r\n;{)]/.test(next))
      problems.push({ at, message: `unexpected "${next}"` })
  }
  const bare = (): void => {
    const piece = barePiece(text, at, placeholders)
    word(piece.end, wordValue(text, at, piece.end, piece))
  }
  const open = (): void => {
    add('open', at, at + 1)
    at++
    if (directive !== null && luaBlock.test(directive)) {
      const body = luaBlockEnd(text, at)
      if (body > at) add('opaque', at, body)
      at = body
    }
    directive = null
  }
  const comment = (): void => {
    const lineEnd = text.indexOf('\n', at)
    const end = lineEnd === -1 ? text.length : lineEnd
    // The carriage return of a line end is whitespace, so that comments of both kinds are equal.
    const last = text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end
    add('comment', at, last)
    at = last
  }
  const statement = (): boolean => {
    const end = directive === null ? placeholders.statementEnd(at) : null
    if (end === null) return false
    add('opaque', at, end)
    at = end
    return true
  }
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) at++
    else if (code === hash) comment()
    else if (code === semicolon || code === closeBrace) {
      add(code === semicolon ? 'end' : 'close', at, at + 1)
      at++
      directive = null
    } else if (code === openBrace) {
      if (statement()) continue
      if (placeholders.endInWord(at) === null) open()
      else bare()
    } else if (code === quote || code === apostrophe) quoted()
    else if (!((code === less || code === dollar) && statement())) bare()
  }
  return { tokens, problems }
}

/** How a configuration is read. */
export interface Reading {
  /**
   * Whether it contains statements and placeholders of a template language, of which nginx knows none.
   * `detect`: if nginx would refuse it without them.
   */
  readonly isTemplate: boolean | 'detect'
}

const lineOfEnvironment = /^[ \t]*\$\{\w+\}[ \t]*\r?$/m

/** Whether text that nginx would accept has another meaning in a template. */
const isSurelyTemplate = (text: string): boolean => {
  const open = text.indexOf('<%')
  return (open !== -1 && text.includes('%>', open)) || lineOfEnvironment.test(text)
}

/** @param isRefused whether nginx would refuse the text. */
export const looksLikeTemplate = (text: string, isRefused: () => boolean): boolean =>
  isSurelyTemplate(text) || (/\{[{%#]/.test(text) && isRefused())

/** Takes any text, in time proportional to its length. */
export const lexNginx = (text: string, isTemplate: boolean): Lexed =>
  lex(text, isTemplate ? placeholdersIn(text) : noPlaceholders)
