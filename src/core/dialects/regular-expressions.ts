import type { Server } from '../model/cluster.ts'

/** Literal text within a regular expression. */
export const regexText = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Groups, repetitions and classes that PCRE has and JavaScript has not. */
const onlyPcre = /\(\*|\(\?(?![:=!]|<[=!A-Za-z_])|[*+?}]\+|\[:|\\[AEGKQRXZhz]/

/** A backslash before a letter with which PCRE has no escape sequence. */
const unknownEscape = /^(?:[^\\]|\\[^FIJLMOTUYijlmquy])*\\[FIJLMOTUYijlmquy]/

const isJavaScript = (pattern: string): boolean => {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

/** The offset after the `]` of a character class, or -1 where that is missing. */
const afterClass = (pattern: string, start: number): number => {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern.startsWith('[:', at) && pattern.includes(':]', at + 2))
      at = pattern.indexOf(':]', at + 2) + 1
    else if (pattern[at] === ']') return at + 1
  }
  return -1
}

/** PCRE counts repetitions in 16 bits. */
const mostRepetitions = 65_535

const repetition = /^\{(\d+)(?:,(\d*))?\}/

const repeatsTooOften = (pattern: string, at: number): boolean => {
  const [, least = '', most = ''] = repetition.exec(pattern.slice(at, at + 40)) ?? []
  return Number(least) > mostRepetitions || Number(most) > mostRepetitions
}

const bracketProblem = (pattern: string): string | null => {
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]
    if (character === '\\') {
      at++
      if (at === pattern.length) return 'it ends with a single backslash'
    } else if (character === '[') {
      at = afterClass(pattern, at) - 1
      if (at < 0) return 'a "[" is not closed'
    } else if (character === '{' && repeatsTooOften(pattern, at)) {
      return 'it repeats something more than 65,535 times'
    } else if (pattern.startsWith('(?{', at)) return '"(?{" is supported by Perl only'
    else if (character === '(') depth++
    else if (character === ')' && --depth < 0) return 'a ")" has no "("'
  }
  return depth > 0 ? 'a "(" is not closed' : null
}

/** Why PCRE certainly rejects an expression; null where no reason is found. */
export const pcreProblem = (pattern: string): string | null => {
  // Between \Q and \E every character is literal.
  if (pattern.includes('\\Q')) return null
  const problem = bracketProblem(pattern)
  if (problem !== null) return problem
  if (unknownEscape.test(pattern))
    return 'it has a backslash before a letter that forms no escape sequence'
  return onlyPcre.test(pattern) || isJavaScript(pattern)
    ? null
    : 'it is not a valid regular expression'
}

/** What is wrong with an expression that a server refuses to start with; null: nothing. */
export const expressionError = (
  product: string,
  expression: string,
  problem: string | null = pcreProblem(expression),
): string | null =>
  problem === null ? null : `${product} cannot compile "${expression}": ${problem}`

/** nginx reads a word of 4,096 bytes at most, HAProxy before 2.4 a line of 2,048. */
const longestAlternatives = 1400

/** The longest first: the first alternative of an expression that matches is used. */
export const routesByLength = (servers: readonly Server[]): readonly string[] =>
  servers.map(({ route }) => route).sort((a, b) => b.length - a.length || (a < b ? -1 : 1))

/**
 * An expression for the routes of all servers; null: it would be too long for a line.
 * @param isDelimited whether other text in the expression marks the end of the route.
 */
export const routeAlternatives = (
  servers: readonly Server[],
  isDelimited: boolean,
): string | null => {
  // Sorted only if they fit: there may be 10,000.
  const length = servers.reduce((sum, { route }) => sum + route.length + 1, 0)
  if (length > longestAlternatives) return null
  const routes = isDelimited ? servers.map(({ route }) => route) : routesByLength(servers)
  return routes.join('|')
}
