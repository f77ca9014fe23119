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

/** `(*` begins a verb such as `(*UTF8)`, `(?` a group with a meaning. */
const repeatsNothing = (pattern: string, at: number): boolean => {
  const before = pattern[at - 1]
  if (at === 0 || before === '|') return true
  return (
    before === '(' &&
    (pattern[at] === '+' || (pattern[at] === '*' && !/[A-Z]/.test(pattern[at + 1] ?? '')))
  )
}

const problemOf = (pattern: string): string | null => {
  let depth = 0
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? ''
    if (character === '\\') {
      if (at + 1 === pattern.length) return 'it ends with a single backslash'
      at += 2
      continue
    }
    if (character === '[') {
      at = afterClass(pattern, at)
      if (at === -1) return 'a "[" is not closed'
      continue
    }
    if ('*+?'.includes(character) && repeatsNothing(pattern, at))
      return `nothing stands before a "${character}"`
    if (character === '(') depth++
    if (character === ')' && --depth < 0) return 'a ")" has no "("'
    at++
  }
  return depth > 0 ? 'a "(" is not closed' : null
}

/** What surely makes PCRE refuse an expression; null where nothing does as far as we can see. */
export const expressionShape = (pattern: string): string | null =>
  // Between \Q and \E nothing has a meaning.
  pattern.includes('\\Q') ? null : problemOf(pattern)
