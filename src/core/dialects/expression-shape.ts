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

/** What holds for any dialect of regular expressions: all that is opened is closed. */
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
    } else if (character === '(') depth++
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
