import { mergeSpans, type Span } from './spans.ts'
import { bareEnd, closingQuote, isQuote } from './value-end.ts'

/*
 * A line may be a megabyte of anything: patterns look at short pieces only, values are walked through.
 */

/** How the name of a secret ends, in the files of all dialects: `redis.password`, `keystorePass`, `SECRET_KEY`. */
const endsSecret =
  /(?:pass(?:word|wd|phrase)?|pwd|secret(?:[_-]?key)?|(?:encryption|private|api)[_-]?key|token|credentials?)\d?$/i
const isSecret = /^(?:requirepass|masterauth)$/i

/** @param before the character in front: `?auth=x` is a secret, Tomcat's `auth="Container"` is none. */
const isSecretName = (word: string, before: string): boolean =>
  endsSecret.test(word.slice(-32)) ||
  isSecret.test(word) ||
  (word === 'auth' && /[?&;]/.test(before))

/** What stands for a secret, or for none: the runtime looks the real one up. */
const harmless =
  /^(?:"?[$%]\{[\w.-]+\}"?|(?:os\.environ|os\.getenv|getenv|env)(?:\.get)?[[(]["']\w+["'][\])],?|true|false|yes|no|none|null|)$/i

/** Whether a value only says where the secret is, as `${REDIS_PASSWORD}` does. */
export const isHarmless = (value: string): boolean => harmless.test(value)

const behind = (line: string, offset: number): string => line.slice(offset, offset + 200)

/** Between the quotes, or up to a character that ends an unquoted value. */
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

/** What stands behind the name of a secret, if that makes it one. */
const valueBehind = (line: string, wordStart: number, wordEnd: number): Span | null => {
  const index = /^(?:\[\w*\]|%5b\w*%5d)/i.exec(behind(line, wordEnd))?.[0].length ?? 0
  const end = wordEnd + index
  const next = behind(line, end)
  const twin = /^["']\s+value\s*=\s*(?=["'])/.exec(next)
  if (twin) return valueAt(line, end + twin[0].length, inList)
  // As Tomcat speaks of properties: `property [keystorePass] to [changeit]`.
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
  // A map, a list, a block or an alias of YAML: its tree says what in there is secret.
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
      // A port, and an address in the path behind it.
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

/** A quick look that spares most lines all others. */
const anySign = /pass|pwd|secret|key|token|credential|auth|:\/\/|thin:/i

/**
 * Where a line of any configuration file holds a secret by the looks of it: the value of a
 * `password` attribute, setting or parameter, the password in a URL. References are left out.
 */
export const secretsInText = (line: string): readonly Span[] => {
  if (!anySign.test(line)) return []
  const spans = [...named(line), ...inUrls(line), ...inHeaders(line), ...inDirective(line)]
  return mergeSpans(
    spans.filter(([start, end]) => start < end && !isHarmless(line.slice(start, end).trimEnd())),
  )
}
