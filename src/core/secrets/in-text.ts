import { mergeSpans, type Span } from './spans.ts'
import { bareEnd, closingQuote, isQuote } from './value-end.ts'

/*
 * A line can be a megabyte long: patterns are applied to short pieces only, values are read by character.
 */

/** Suffixes of names of secrets in the files of all dialects: `redis.password`, `keystorePass`, `SECRET_KEY`. */
const endsSecret =
  /(?:pass(?:word|wd|phrase)?|pwd|secret(?:[_-]?key)?|(?:encryption|private|api)[_-]?key|token|credentials?)\d?$/i
const isSecret = /^(?:requirepass|masterauth)$/i

/** @param before the preceding character: `?auth=x` is a secret, `auth="Container"` of Tomcat is not. */
const isSecretName = (word: string, before: string): boolean =>
  endsSecret.test(word.slice(-32)) ||
  isSecret.test(word) ||
  (word === 'auth' && /[?&;]/.test(before))

/** Placeholders for a secret, which the runtime looks up, or for no secret. */
const harmless =
  /^(?:"?[$%]\{[\w.-]+\}"?|(?:os\.environ|os\.getenv|getenv|env)(?:\.get)?[[(]["']\w+["'][\])],?|true|false|yes|no|none|null|)$/i

/** Whether a value is only a reference to the secret, such as `${REDIS_PASSWORD}`. */
export const isHarmless = (value: string): boolean => harmless.test(value)

const behind = (line: string, offset: number): string => line.slice(offset, offset + 200)

/** The text between the quotes, or up to a character that ends an unquoted value. */
const valueAt = (line: string, start: number, ends: RegExp): Span =>
  isQuote(line[start])
    ? [start + 1, closingQuote(line, start)]
    : [start, bareEnd(line, start, ends)]

const inList = /[\s"'&;,<>(){}[\]]/
const inElement = /</
const nowhere = /[\r\n]/
const closingBrace = /\}/
const blank = /\s/

/** `requirepass x`, `user a password x`, `sentinel auth-pass main x`: a directive and its argument. */
const directive =
  /^\s*(?:requirepass|masterauth|(?:user\s+\S+\s+)?(?:insecure-)?password|sentinel\s+auth-pass\s+\S+|stats\s+auth\s+[^\s:]+:)(?:(?<=:)|\s+(?![=:]))/i

/** The value after the name of a secret, if there is one. */
const valueBehind = (line: string, wordStart: number, wordEnd: number): Span | null => {
  const index = /^(?:\[\w*\]|%5b\w*%5d)/i.exec(behind(line, wordEnd))?.[0].length ?? 0
  const end = wordEnd + index
  const next = behind(line, end)
  const twin = /^["']\s+value\s*=\s*(?=["'])/.exec(next)
  if (twin) return valueAt(line, end + twin[0].length, inList)
  // Log messages of Tomcat about properties: `property [keystorePass] to [changeit]`.
  const property = line[wordStart - 1] === '[' ? /^\] to \[/.exec(next) : null
  if (property) return valueAt(line, end + property[0].length, /\]/)
  const element = line[wordStart - 1] === '<' ? /^(?:\s[^<>]*)?>/.exec(next) : null
  if (element) return valueAt(line, end + element[0].length, inElement)
  const sign = /^["']?\s*(?:=>?|:)\s*/.exec(next)
  if (!sign) return null
  const start = end + sign[0].length
  // `;password={a;b}` of SQL Server.
  if (/[?&;]/.test(line.charAt(wordStart - 1)) && line[start] === '{')
    return valueAt(line, start + 1, closingBrace)
  const isAlone =
    line[wordStart] !== '-' &&
    /^[\s#;/*"'-]*$/.test(line.slice(Math.max(0, wordStart - 200), wordStart))
  // A YAML map, list, block or alias: its secrets are found in the tree.
  if (isAlone && /^[{[|>&*]/.test(line.slice(start, start + 1))) return null
  return valueAt(line, start, isAlone ? nowhere : inList)
}

const named = (line: string): readonly Span[] =>
  [...line.matchAll(/[\w.-]+/g)].flatMap(({ 0: word, index }) => {
    const span = isSecretName(word, line.charAt(index - 1))
      ? valueBehind(line, index, index + word.length)
      : null
    return span ? [span] : []
  })

/** `scheme://user:x@host`, and `thin:user/x@host` of Oracle. */
const inUrls = (line: string): readonly Span[] =>
  [...line.matchAll(/:\/\/|\bthin:/g)].flatMap(({ 0: lead, index }) => {
    const start = index + lead.length
    const run = /^[^\s"'<>]*/.exec(line.slice(start, start + 2048))?.[0] ?? ''
    const from = run.search(lead === '://' ? /[:/@]/ : /[/@]/)
    const to = run.lastIndexOf('@')
    const isLogin =
      run[from] === (lead === '://' ? ':' : '/') &&
      to > from &&
      // A port, with an "@" in the path after it.
      !/^:\d*[/?#]/.test(run.slice(from, to))
    return isLogin ? [[start + from + 1, start + to] as const] : []
  })

const inHeaders = (line: string): readonly Span[] =>
  [...line.matchAll(/\bAuthorization\b/gi)].flatMap(({ 0: word, index }) => {
    const at = index + word.length
    const lead = /^["']?[\s:=,]+["']?(?:Basic|Bearer|Digest|Token)\\?\s+/i.exec(behind(line, at))
    return lead ? [valueAt(line, at + lead[0].length, /[\s"';]/)] : []
  })

const inDirective = (line: string): readonly Span[] => {
  const lead = directive.exec(line)
  return lead ? [valueAt(line, lead[0].length, blank)] : []
}

/** A fast check that excludes most lines. */
const anySign = /pass|pwd|secret|key|token|credential|auth|:\/\/|thin:/i

/**
 * The positions of probable secrets in a line of any configuration file: the value of a
 * `password` attribute, setting or parameter, and the password in a URL. References are not included.
 */
export const secretsInText = (line: string): readonly Span[] => {
  if (!anySign.test(line)) return []
  const spans = [...named(line), ...inUrls(line), ...inHeaders(line), ...inDirective(line)]
  return mergeSpans(
    spans.filter(([start, end]) => start < end && !isHarmless(line.slice(start, end).trimEnd())),
  )
}
