/** Replaces `text.slice(start, end)`; everything outside stays as it is. */
export interface Splice {
  readonly start: number
  /** Exclusive; equal to `start` for an insertion. */
  readonly end: number
  readonly text: string
}

/** Applies splices in the order of their places; insertions at one place keep the order given. */
export const applySplices = (text: string, splices: readonly Splice[]): string => {
  const sorted = splices.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const pieces: string[] = []
  let at = 0
  for (const splice of sorted) {
    if (splice.start < at) throw new RangeError(`two edits overlap at offset ${splice.start}`)
    pieces.push(text.slice(at, splice.start), splice.text)
    at = splice.end
  }
  return pieces.join('') + text.slice(at)
}
