import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { report } from './codes.ts'

/** These end or break a bare word. Quotes and `#` matter at its start only, but read better quoted. */
const needsQuotes = /[\s;{}"'#]|^$/

/** Before these, nginx removes a backslash in every word; before others it keeps it. */
const backslash = /\\(?=["'\\trn\t\r\n]|$)/g

const lineEnds: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }

/**
 * A value as one word of nginx configuration: nginx reads back exactly this value. `$` cannot be
 * escaped: a caller that needs a literal `$` must refuse it. Source: ngx_conf_read_token().
 */
export const quote = (value: string | number): string => {
  const text = String(value)
  const escapedBackslashes = text.replace(backslash, '\\\\')
  if (!needsQuotes.test(text)) return escapedBackslashes
  const mark = text.includes('"') && !text.includes("'") ? "'" : '"'
  const escaped = escapedBackslashes
    .replaceAll(mark, `\\${mark}`)
    .replace(/[\t\r\n]/g, (character) => lineEnds[character] ?? character)
  return `${mark}${escaped}${mark}`
}

/** nginx reads a word, its closing quote, a blank and the next character into 4,096 bytes. */
export const longestWord = 4094

/** Bytes of a value as it is written, with the closing quote; nginx does not buffer the opening one. */
export const writtenBytes = (value: string): number => {
  // A UTF-16 unit takes at most three bytes and a backslash.
  if (value.length * 4 <= longestWord) return value.length
  const bytes = new TextEncoder().encode(quote(value)).length
  return needsQuotes.test(value) ? bytes - 1 : bytes
}

export const checkLength = (text: string, path: SpecPath, findings: Findings): void => {
  if (writtenBytes(text) <= longestWord) return
  report(
    findings,
    'nginx-word-long',
    atValue(path),
    `this text is ${writtenBytes(text)} bytes long in the configuration of nginx, which reads at most ${longestWord}`,
    'shorten it',
  )
}

/** Checks text that must not contain variables, in a parameter in which nginx expands them. */
export const checkLiteral = (text: string, path: SpecPath, findings: Findings): void => {
  if (!text.includes('$')) {
    checkLength(text, path, findings)
    return
  }
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  report(
    findings,
    'nginx-dollar',
    atValue(path),
    `nginx reads the "$" in "${shown}" as the beginning of a variable, and it cannot be escaped`,
    'remove "$" from it',
  )
}
