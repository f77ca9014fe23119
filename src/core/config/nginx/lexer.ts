import { luaBlockEnd } from './lua.ts'

/**
 * A piece of an nginx configuration. Offsets count UTF-16 units of the text; the end is exclusive.
 * Whitespace between tokens belongs to none.
 */
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
  readonly end: number
  /** A word as nginx reads it: without quotes and escapes. Other tokens: their text. */
  readonly value: string
}

/** What nginx would refuse, at an offset. */
export interface SyntaxProblem {
  readonly at: number
  readonly message: string
}

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32]
const isSpace = (code: number): boolean =>
  code === space || code === tab || code === lineFeed || code === carriageReturn

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' }

/** As ngx_conf_read_token() copies a word: other escapes keep their backslash. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(["'\\trn])/g, (_, character: string) => escapes[character] ?? character)
    : text

/** Placeholders of Jinja, Go templates and ERB; `${NAME}` of envsubst is a word of nginx already. */
const placeholders: Readonly<Record<string, string>> = {
  '{{': '}}',
  '{%': '%}',
  '{#': '#}',
  '<%': '%>',
}

/** Where a text occurs next. Asked with offsets that only grow, it reads the whole text once. */
const nextOf = (text: string, wanted: string): ((from: number) => number) => {
  let next = -1
  return (from) => {
    if (next < from) {
      const found = text.indexOf(wanted, from)
      next = found === -1 ? Number.POSITIVE_INFINITY : found
    }
    return next
  }
}

/**
 * Finds the end of a placeholder that begins at an offset; null: none begins there. A placeholder does
 * not span lines, so that a block that begins with `{#` or `{{` by accident is not lost.
 */
const placeholderReader = (text: string): ((at: number) => number | null) => {
  const lineEnd = nextOf(text, '\n')
  const closes = new Map(Object.values(placeholders).map((close) => [close, nextOf(text, close)]))
  return (at) => {
    const close = placeholders[text.slice(at, at + 2)]
    const end = close === undefined ? undefined : closes.get(close)?.(at + 2)
    return end === undefined || end > lineEnd(at) || end >= text.length ? null : end + 2
  }
}

const quotedEnd = (text: string, at: number): number | null => {
  const quote = text.charCodeAt(at)
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === quote) return index + 1
    // A backslash.
    if (code === 92) index++
  }
  return null
}

/** Where a word without quotes ends: at whitespace, `;` or a `{` that is not part of `${`. */
const wordEnd = (
  text: string,
  at: number,
  placeholderEnd: (at: number) => number | null,
): number => {
  let index = at
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (isSpace(code) || code === 59) return index
    if (code === 123 || code === 60) {
      const end = placeholderEnd(index)
      if (end !== null) {
        index = end
        continue
      }
      // `${`: nginx reads on to the next whitespace, `;` or `{`.
      if (code === 123 && (index === at || text.charCodeAt(index - 1) !== 36)) return index
    }
    index += code === 92 ? 2 : 1
  }
  return text.length
}

const luaBlock = /_by_lua_block$/

export interface Lexed {
  readonly tokens: readonly Token[]
  readonly problems: readonly SyntaxProblem[]
}

/** How a configuration is read. */
export interface Reading {
  /** Whether it may contain statements and placeholders of a template language; nginx knows none. */
  readonly isTemplate: boolean
}

/**
 * Splits a configuration into tokens as ngx_conf_read_token() of src/core/ngx_conf_file.c does. Takes
 * any text, in time proportional to its length.
 */
export const lexNginx = (text: string, { isTemplate }: Reading = { isTemplate: true }): Lexed => {
  const tokens: Token[] = []
  const problems: SyntaxProblem[] = []
  const add = (kind: Token['kind'], start: number, end: number, value?: string): void => {
    tokens.push({ kind, start, end, value: value ?? text.slice(start, end) })
  }
  const placeholderEnd = isTemplate ? placeholderReader(text) : () => null
  /** The name of the directive that is being read; null between directives. */
  let directive: string | null = null
  let at = 0
  const word = (end: number, value: string): void => {
    directive ??= value
    add('word', at, end, value)
    at = end
  }
  const quoted = (): void => {
    const end = quotedEnd(text, at)
    if (end === null) {
      problems.push({ at, message: 'unexpected end of file: a quoted string has no end' })
      word(text.length, unescaped(text.slice(at + 1)))
      return
    }
    word(end, unescaped(text.slice(at + 1, end - 1)))
    const next = text.charAt(at)
    // nginx itself permits a closing parenthesis, for the conditions of `if`.
    if (next !== '' && !/[\s;{)]/.test(next)) problems.push({ at, message: `unexpected "${next}"` })
  }
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) at++
    else if (code === 35) {
      const lineEnd = text.indexOf('\n', at)
      let end = lineEnd === -1 ? text.length : lineEnd
      if (text.charCodeAt(end - 1) === carriageReturn) end--
      add('comment', at, end)
      at = end
    } else if (code === 59) {
      add('end', at, at + 1)
      at++
      directive = null
    } else if (code === 125) {
      add('close', at, at + 1)
      at++
      directive = null
    } else if (code === 123 || code === 60) {
      const end = placeholderEnd(at)
      if (end !== null && directive === null && /^(\{%|\{#|<%(?!=))/.test(text.slice(at, at + 3))) {
        add('opaque', at, end)
        at = end
      } else if (end !== null || code === 60) {
        const last = wordEnd(text, at, placeholderEnd)
        word(last, unescaped(text.slice(at, last)))
      } else {
        add('open', at, at + 1)
        at++
        if (directive !== null && luaBlock.test(directive)) {
          const body = luaBlockEnd(text, at)
          if (body > at) add('opaque', at, body)
          at = body
        }
        directive = null
      }
    } else if (code === 34 || code === 39) quoted()
    else {
      const end = wordEnd(text, at, placeholderEnd)
      word(end, unescaped(text.slice(at, end)))
    }
  }
  return { tokens, problems }
}
