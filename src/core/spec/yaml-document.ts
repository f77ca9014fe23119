import { Composer, type CST, type Document, Lexer, Parser, YAMLParseError } from 'yaml'

/** 10,000 servers need 60,000 to 400,000. Time and memory for a text grow with its tokens. */
const mostTokens = 1_000_000

/** Each alias is looked up among all anchors. */
const mostAliases = 500

/**
 * Indicators that nest on one line, as in `- - - a`. Inside brackets they do not nest: JSON can have a whole
 * spec on one line. For brackets and indentation see parse.ts.
 */
const deepestOnLine = 400

export interface LimitPassed {
  readonly limit: 'tokens' | 'aliases' | 'depth'
  readonly at: number
}

const limits = () => {
  let tokens = 0
  let aliases = 0
  let onLine = 0
  let brackets = 0
  return (token: string): LimitPassed['limit'] | null => {
    const first = token.charAt(0)
    if (first === '\n' || first === '\r') onLine = 0
    else if (token.length === 1 && '{['.includes(first)) brackets++
    else if (token.length === 1 && '}]'.includes(first)) brackets--
    else if (token.length === 1 && brackets <= 0 && '-?:'.includes(first)) onLine++
    if (first === '*') aliases++
    if (++tokens > mostTokens) return 'tokens'
    if (aliases > mostAliases) return 'aliases'
    return onLine > deepestOnLine ? 'depth' : null
  }
}

/** Splits the text into YAML tokens; stops where a limit is exceeded. */
const split = (text: string): readonly CST.Token[] | LimitPassed => {
  const parser = new Parser()
  const passed = limits()
  const parts: CST.Token[] = []
  for (const token of new Lexer().lex(text)) {
    const limit = passed(token)
    if (limit !== null) return { limit, at: parser.offset }
    parts.push(...parser.next(token))
  }
  return [...parts, ...parser.end()]
}

/**
 * Collecting the stack trace of a reader error takes thirty times as long as finding the error:
 * too slow for a text with a mistake at each comma. The stack traces are not used.
 */
const withoutStackTraces = <Result>(run: () => Result): Result => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

const compose = (text: string, parts: readonly CST.Token[]): Document.Parsed => {
  const composer = new Composer({
    prettyErrors: false,
    stringKeys: true,
    strict: true,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const documents = composer.compose(parts, true, text.length)
  const first = documents.next()
  if (first.done === true) throw new TypeError('the YAML reader gave no document')
  const second = documents.next()
  if (second.done !== true) {
    const [start, end] = second.value.range
    first.value.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'several documents'))
  }
  return first.value
}

/** Reads YAML 1.2 in time linear in the length of the text; errors are in `errors`. */
export const readDocument = (text: string): Document.Parsed | LimitPassed => {
  const parts = split(text)
  return 'limit' in parts ? parts : withoutStackTraces(() => compose(text, parts))
}
