/** A line of an HAProxy configuration that is neither empty nor a comment. */
export interface HaproxyLine {
  /** Without quotes and escapes. */
  readonly words: readonly string[]
  /** From 1. */
  readonly line: number
  /** Whether the first word is written without quotes and escapes. */
  readonly isPlain: boolean
}

export interface HaproxyProblem {
  /** From 1. */
  readonly line: number
  readonly message: string
}

export interface HaproxyLines {
  readonly lines: readonly HaproxyLine[]
  readonly problems: readonly HaproxyProblem[]
}

const isBlank = (character: string): boolean => /[ \t\v\f\r]/.test(character)

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** What a backslash and the text after it stand for, and how long both are. */
const escaped = (text: string, at: number): readonly [value: string, length: number] => {
  const [, hex] = /^x([0-9A-Fa-f]{2})/.exec(text.slice(at + 1, at + 4)) ?? []
  if (hex !== undefined) return [String.fromCharCode(Number.parseInt(hex, 16)), 4]
  const next = text.charAt(at + 1)
  return [escapes[next] ?? next, 2]
}

interface Words {
  readonly words: readonly string[]
  readonly isPlain: boolean
  readonly problem: string | null
}

/** Splits a line as HAProxy does (configuration manual, section 2.2). Variables are not replaced. */
const wordsOf = (text: string): Words => {
  const words: string[] = []
  let word: string | null = null
  let quote: string | null = null
  let isPlain = true
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (words.length === 0 && /["'\\$]/.test(character)) isPlain = false
    if (quote === "'") {
      if (character === "'") quote = null
      else word = (word ?? '') + character
    } else if (character === '\\') {
      if (at === text.length - 1)
        return { words, isPlain, problem: 'the line ends with a backslash' }
      const [value, length] = escaped(text, at)
      word = (word ?? '') + value
      at += length - 1
    } else if (character === '"' || (character === "'" && quote === null)) {
      quote = quote === null ? character : null
      word ??= ''
    } else if (quote === null && character === '#') break
    else if (quote === null && isBlank(character)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + character
  }
  if (word !== null) words.push(word)
  return {
    words,
    isPlain,
    problem: quote === null ? null : `the line has a ${quote} without its end`,
  }
}

/**
 * Reads an HAProxy configuration into lines of words, in time proportional to its length. Any text has
 * a result: what HAProxy would refuse is listed.
 */
export const readHaproxyLines = (text: string): HaproxyLines => {
  const lines: HaproxyLine[] = []
  const problems: HaproxyProblem[] = []
  for (const [index, content] of text.split('\n').entries()) {
    const { words, isPlain, problem } = wordsOf(content)
    if (problem !== null) problems.push({ line: index + 1, message: problem })
    if (words.length > 0) lines.push({ words, line: index + 1, isPlain })
  }
  return { lines, problems }
}

/** Keywords that begin a section (manual of HAProxy 3.2, and `haproxy -dKcfg`). */
export const haproxySections: ReadonlySet<string> = new Set([
  ...['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'mailers'],
  ...['userlist', 'cache', 'program', 'ring', 'http-errors', 'fcgi-app', 'log-forward'],
  ...['log-profile', 'crt-store', 'traces', 'acme', 'namespace_list', 'healthcheck'],
])
