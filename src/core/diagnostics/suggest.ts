import { distance } from 'fastest-levenshtein'

/** A longer text is no slip of a word. */
const longest = 255

/** The known word nearest to the written one, or null when none is near enough to be a slip. */
export const nearest = (written: string, known: readonly string[]): string | null => {
  if (written.length > longest) return null
  const lower = written.toLowerCase()
  // Two letters exchanged count as two edits: `ngnix` must still find `nginx`.
  const limit = Math.max(1, Math.floor(written.length * 0.4))
  let best: { word: string; edits: number } | null = null
  for (const word of known) {
    if (Math.abs(word.length - lower.length) > limit) continue
    const edits = distance(lower, word.toLowerCase())
    if (edits <= limit && (best === null || edits < best.edits)) best = { word, edits }
  }
  return best?.word ?? null
}

/** Of thousands of names the first ones show what is meant. */
const mostListed = 30

const listed = (known: readonly string[]): string => {
  const more = known.length - mostListed
  return known.slice(0, mostListed).join(', ') + (more > 0 ? `, and ${more} more` : '')
}

/** `did you mean "x"?`, else the list of what is known, as a remedy. */
export const didYouMean = (written: string, known: readonly string[]): string => {
  const word = nearest(written, known)
  return word === null ? `known here: ${listed(known)}` : `did you mean "${word}"?`
}
