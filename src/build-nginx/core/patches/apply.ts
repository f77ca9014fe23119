import type { ByteText, FilePatch, Hunk } from './patch.ts'
import { newLines, oldLines, splitLines } from './patch.ts'

export interface Placed {
  readonly hunk: number
  /** From 1, in the file before the patch. */
  readonly line: number
  /** How far from where the patch says, in lines. */
  readonly offset: number
}

/** A hunk whose lines are not in the file, or in several places of it. */
export interface Reject {
  readonly hunk: Hunk
  readonly reason: 'no-match' | 'ambiguous'
  /** Lines from 1 at which it would fit, when there are several. */
  readonly places: readonly number[]
}

export interface Applied {
  readonly text: ByteText
  readonly placed: readonly Placed[]
  readonly rejects: readonly Reject[]
}

const matchesAt = (lines: readonly ByteText[], wanted: readonly ByteText[], at: number): boolean =>
  at >= 0 &&
  at + wanted.length <= lines.length &&
  wanted.every((text, index) => lines[at + index] === text)

const contextBefore = ({ lines }: Hunk): number => lines.findIndex(({ kind }) => kind !== 'context')
const contextAfter = ({ lines }: Hunk): number =>
  [...lines].reverse().findIndex(({ kind }) => kind !== 'context')

/** Less context on one side means that the file begins, or ends, there: as in patch(1) with no fuzz. */
const isAnchored = (hunk: Hunk, at: number, length: number, count: number): boolean => {
  const [before, after] = [contextBefore(hunk), contextAfter(hunk)]
  if (before < after && at !== 0) return false
  return !(after < before && at + count !== length)
}

/** Where a hunk fits: at its own place, or else at the only other one. */
const locate = (
  hunk: Hunk,
  lines: readonly ByteText[],
  from: number,
  expected: number,
): number | Reject => {
  const wanted = oldLines(hunk)
  const fits = (at: number): boolean =>
    at >= from && matchesAt(lines, wanted, at) && isAnchored(hunk, at, lines.length, wanted.length)
  if (fits(expected)) return expected
  const places: number[] = []
  // Nothing to look for fits everywhere, so it fits at its own place only.
  for (let at = from; wanted.length > 0 && at + wanted.length <= lines.length; at++) {
    if (lines[at] === wanted[0] && fits(at)) places.push(at)
  }
  const [only] = places
  if (only !== undefined && places.length === 1) return only
  const reason = places.length === 0 ? 'no-match' : 'ambiguous'
  return { hunk, reason, places: places.map((at) => at + 1) }
}

/**
 * Applies the hunks of one file exactly: every context line must match, only the line number may
 * differ, and then the place must be the only one.
 * @param text null where there is no such file.
 */
export const applyHunks = ({ hunks }: FilePatch, text: ByteText | null): Applied => {
  const lines = splitLines(text ?? '')
  const placed: Placed[] = []
  const rejects: Reject[] = []
  const result: ByteText[] = []
  let [from, offset] = [0, 0]
  for (const hunk of hunks) {
    const wanted = oldLines(hunk)
    const written = wanted.length === 0 ? hunk.oldStart : hunk.oldStart - 1
    const at = locate(hunk, lines, from, written + offset)
    if (typeof at !== 'number') {
      rejects.push(at)
      continue
    }
    offset = at - written
    placed.push({ hunk: hunk.number, line: at + 1, offset })
    result.push(...lines.slice(from, at), ...newLines(hunk))
    from = at + wanted.length
  }
  result.push(...lines.slice(from))
  return { text: result.join(''), placed, rejects }
}
