/** Groups, repetitions and classes that PCRE has and JavaScript has not. */
const onlyPcre = /\(\*|\(\?(?![:=!]|<[=!A-Za-z_])|[*+?}]\+|\[:|\\[AEGKQRXZhz]/

/** Letters that mean nothing behind a backslash, which PCRE takes for a mistake. */
const unknownEscape = /^(?:[^\\]|\\[^FIJLMOTUYijlmquy])*\\[FIJLMOTUYijlmquy]/

const isJavaScript = (pattern: string): boolean => {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

/** Skips a character class; the offset behind its `]`, or -1 where that is missing. */
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

/** What is wrong whatever the rest means: brackets, and repetitions without measure. */
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
    } else if (pattern.startsWith('(?{', at)) return '"(?{" is for Perl only'
    else if (character === '(') depth++
    else if (character === ')' && --depth < 0) return 'a ")" has no "("'
  }
  return depth > 0 ? 'a "(" is not closed' : null
}

/** What surely makes PCRE refuse an expression; null where nothing does as far as we can see. */
export const expressionShape = (pattern: string): string | null => {
  // Between \Q and \E nothing has a meaning.
  if (pattern.includes('\\Q')) return null
  const problem = bracketProblem(pattern)
  if (problem !== null) return problem
  if (unknownEscape.test(pattern))
    return 'a backslash stands before a letter that means nothing then'
  return onlyPcre.test(pattern) || isJavaScript(pattern) ? null : 'it is no valid expression'
}
