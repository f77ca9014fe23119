import type { Edit } from './edits.ts'

/** The index of every line that occurs exactly once; null for the others. */
const uniqueLines = (lines: readonly string[], start: number, end: number) => {
  const places = new Map<string, number | null>()
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? ''
    places.set(line, places.has(line) ? null : at)
  }
  return places
}

type Pair = readonly [oldAt: number, newAt: number]

/** The longest subsequence whose new indexes increase; the old ones increase already. */
const longestRising = (pairs: readonly Pair[]): readonly Pair[] => {
  const tops: number[] = []
  const previous: number[] = []
  for (const [index, [, newAt]] of pairs.entries()) {
    let low = 0
    let high = tops.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < newAt) low = middle + 1
      else high = middle
    }
    previous.push(low === 0 ? -1 : (tops[low - 1] ?? -1))
    tops[low] = index
  }
  const rising: Pair[] = []
  for (let at = tops.at(-1) ?? -1; at !== -1; at = previous[at] ?? -1) {
    const pair = pairs[at]
    if (pair) rising.push(pair)
  }
  return rising.reverse()
}

/** Lines that occur once on both sides and in the same order: a long edit is split at them. */
export const anchors = (
  before: readonly string[],
  after: readonly string[],
  { oldStart, oldEnd, newStart, newEnd }: Edit,
): readonly Pair[] => {
  const inNew = uniqueLines(after, newStart, newEnd)
  const pairs = [...uniqueLines(before, oldStart, oldEnd)].flatMap(
    ([line, oldAt]): readonly Pair[] => {
      const newAt = inNew.get(line)
      return oldAt === null || newAt === undefined || newAt === null ? [] : [[oldAt, newAt]]
    },
  )
  return longestRising(pairs.sort((a, b) => a[0] - b[0]))
}
