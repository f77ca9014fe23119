import { diffArrays } from 'diff'

/** Lines `oldStart` to `oldEnd` (exclusive, from 0) became lines `newStart` to `newEnd`. */
export interface Edit {
  readonly oldStart: number
  readonly oldEnd: number
  readonly newStart: number
  readonly newEnd: number
}

/** With more changed lines, the shortest edit is not computed: the time grows with the square. */
const shortestUpTo = 1000
/** The same limit for all searches in one file: there is one between each two unchanged anchors. */
const searchesUpTo = 4 * shortestUpTo ** 2

/** How often a part is split at its unique lines; each time takes time with its length. */
const deepest = 16

/** The unused part of searchesUpTo. */
interface Budget {
  left: number
}

/** Each line with its line end: a last line without one differs from the same line with one. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

const withoutCommonEnds = (
  before: readonly string[],
  after: readonly string[],
  { oldStart, oldEnd, newStart, newEnd }: Edit,
): Edit => {
  let start = 0
  const most = Math.min(oldEnd - oldStart, newEnd - newStart)
  while (start < most && before[oldStart + start] === after[newStart + start]) start++
  let end = 0
  while (end < most - start && before[oldEnd - 1 - end] === after[newEnd - 1 - end]) end++
  return {
    oldStart: oldStart + start,
    oldEnd: oldEnd - end,
    newStart: newStart + start,
    newEnd: newEnd - end,
  }
}

/** The shortest edit, or null when it is too long. */
const shortest = (
  before: readonly string[],
  after: readonly string[],
  { oldStart, oldEnd, newStart, newEnd }: Edit,
  budget: Budget,
): readonly Edit[] | null => {
  const maxEditLength = Math.min(shortestUpTo, Math.floor(Math.sqrt(budget.left)))
  const changes = diffArrays(before.slice(oldStart, oldEnd), after.slice(newStart, newEnd), {
    maxEditLength,
  })
  const changed =
    changes?.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0) ??
    maxEditLength
  budget.left -= changed ** 2
  if (changes === undefined) return null
  const found: Edit[] = []
  let [oldAt, newAt] = [oldStart, newStart]
  for (const { added, removed, count } of changes) {
    const last = found.at(-1)
    const edit = {
      oldStart: oldAt,
      oldEnd: oldAt + (removed ? count : 0),
      newStart: newAt,
      newEnd: newAt + (added ? count : 0),
    }
    if (added || removed) {
      const isNext = last?.oldEnd === oldAt && last.newEnd === newAt
      if (isNext) found.pop()
      found.push(isNext ? { ...edit, oldStart: last.oldStart, newStart: last.newStart } : edit)
    }
    if (!added) oldAt += count
    if (!removed) newAt += count
  }
  return found
}

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
const anchors = (
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

const editsWithin = (
  before: readonly string[],
  after: readonly string[],
  whole: Edit,
  budget: Budget,
  depth: number,
): readonly Edit[] => {
  const edit = withoutCommonEnds(before, after, whole)
  const { oldStart, oldEnd, newStart, newEnd } = edit
  if (oldStart === oldEnd && newStart === newEnd) return []
  if (oldStart === oldEnd || newStart === newEnd) return [edit]
  const found = shortest(before, after, edit, budget)
  if (found) return found
  const fixed = depth === deepest ? [] : anchors(before, after, edit)
  if (fixed.length === 0) return [edit]
  let [oldAt, newAt] = [oldStart, newStart]
  return [...fixed, [oldEnd, newEnd] as const].flatMap(([oldNext, newNext]) => {
    const gap = { oldStart: oldAt, oldEnd: oldNext, newStart: newAt, newEnd: newNext }
    oldAt = oldNext + 1
    newAt = newNext + 1
    return editsWithin(before, after, gap, budget, depth + 1)
  })
}

/**
 * Which lines changed, in order: the shortest possible edit up to 1,000 changed lines. With more, the text
 * is split at lines that occur once on both sides, which is fast enough for 10,000 servers.
 */
export const editsOf = (before: readonly string[], after: readonly string[]): readonly Edit[] =>
  editsWithin(
    before,
    after,
    { oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length },
    { left: searchesUpTo },
    0,
  )
