import type { Edit } from './edits.ts'

export interface HunkLine {
  readonly kind: 'context' | 'removed' | 'added'
  /** From 0, on the old side; null for an added line. */
  readonly oldAt: number | null
  /** From 0, on the new side; null for a removed line. */
  readonly newAt: number | null
}

/** Edits that are near each other, with the lines around them. Line numbers start at 1, as in a unified diff. */
export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly HunkLine[]
}

const range = (start: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)

/** Edits whose context lines meet are in one hunk. */
const groupsOf = (edits: readonly Edit[], context: number): readonly (readonly Edit[])[] => {
  const groups: Edit[][] = []
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1)
    if (last && edit.oldStart - last.oldEnd <= 2 * context) groups.at(-1)?.push(edit)
    else groups.push([edit])
  }
  return groups
}

/** For an empty range a unified diff gives the line before it. */
const startOf = (first: number, count: number): number => (count === 0 ? first : first + 1)

const hunkOf = (group: readonly Edit[], context: number, oldLength: number): Hunk => {
  const lines: HunkLine[] = []
  const first = group[0]
  const shift = first ? first.newStart - first.oldStart : 0
  const oldFrom = Math.max(0, (first?.oldStart ?? 0) - context)
  const same = (start: number, end: number, by: number): void => {
    for (const at of range(start, end)) lines.push({ kind: 'context', oldAt: at, newAt: at + by })
  }
  let [oldAt, by] = [oldFrom, shift]
  for (const { oldStart, oldEnd, newStart, newEnd } of group) {
    same(oldAt, oldStart, by)
    for (const at of range(oldStart, oldEnd))
      lines.push({ kind: 'removed', oldAt: at, newAt: null })
    for (const at of range(newStart, newEnd)) lines.push({ kind: 'added', oldAt: null, newAt: at })
    oldAt = oldEnd
    by = newEnd - oldEnd
  }
  same(oldAt, Math.min(oldLength, oldAt + context), by)
  const oldLines = lines.filter(({ kind }) => kind !== 'added').length
  const newLines = lines.filter(({ kind }) => kind !== 'removed').length
  return {
    oldStart: startOf(oldFrom, oldLines),
    oldLines,
    newStart: startOf(oldFrom + shift, newLines),
    newLines,
    lines,
  }
}

/** @param context lines shown around each edit. */
export const hunksOf = (
  edits: readonly Edit[],
  context: number,
  oldLength: number,
): readonly Hunk[] => groupsOf(edits, context).map((group) => hunkOf(group, context, oldLength))
