import { type Applied, applyHunks } from './apply.ts'
import type { ReadText } from './dry-run.ts'
import {
  type ByteText,
  type FilePatch,
  type Hunk,
  type HunkLine,
  oldLines,
  type Patch,
  splitLines,
} from './patch.ts'
import { targetOf } from './paths.ts'
import { type Change, fileDiff } from './unified.ts'

/** As many lines of context as patch(1) leaves out by default. */
const mostFuzz = 2

/** A hunk at the place where it was found. */
export interface RebasedHunk {
  readonly path: string
  readonly number: number
  /** From 1, in the file before the patch: of the first line that was compared. */
  readonly line: number
  readonly fuzz: number
  /** How many places it would fit: the nearest one is used. */
  readonly places: number
  /** The lines that the patch expects, and those of the file at this place. */
  readonly expected: readonly ByteText[]
  readonly found: readonly ByteText[]
}

export interface Rebased {
  /** A patch with -p1 that applies exactly. */
  readonly text: ByteText
  readonly fuzz: number
  /** Those that did not apply exactly. */
  readonly hunks: readonly RebasedHunk[]
}

interface Trimmed {
  readonly lines: readonly HunkLine[]
  /** So many lines are left out at the beginning. */
  readonly before: number
}

const isContext = ({ kind }: HunkLine): boolean => kind === 'context'

const contextBefore = (lines: readonly HunkLine[]): number => {
  const first = lines.findIndex((line) => !isContext(line))
  return first === -1 ? lines.length : first
}

/** Leaves out the outermost lines of context, from the longer side first, as patch(1) does. */
const trimmed = ({ lines }: Hunk, fuzz: number): Trimmed => {
  const before = contextBefore(lines)
  const after = contextBefore([...lines].reverse())
  const longest = Math.max(before, after)
  const cut = (context: number): number => Math.max(0, Math.min(context, fuzz + context - longest))
  const end = lines.length - cut(after)
  return { lines: lines.slice(cut(before), end), before: cut(before) }
}

const textsOf = (lines: readonly HunkLine[]): readonly ByteText[] =>
  lines.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text]))

interface Found {
  readonly at: number
  readonly places: number
}

/** The place nearest to the expected one; null when there is none, or two are equally near. */
const nearestPlace = (
  lines: readonly ByteText[],
  wanted: readonly ByteText[],
  from: number,
  expected: number,
): Found | null => {
  const places: number[] = []
  for (let at = from; at + wanted.length <= lines.length; at++)
    if (wanted.every((text, index) => lines[at + index] === text)) places.push(at)
  const ranked = places.toSorted((a, b) => Math.abs(a - expected) - Math.abs(b - expected))
  const [first, second] = ranked
  if (first === undefined) return null
  const isTied = second !== undefined && Math.abs(second - expected) === Math.abs(first - expected)
  return isTied ? null : { at: first, places: places.length }
}

interface PlacedHunk extends Change {
  readonly hunk: RebasedHunk
}

const place = (
  hunk: Hunk,
  path: string,
  lines: readonly ByteText[],
  from: number,
  expected: number,
): PlacedHunk | null => {
  for (let fuzz = 0; fuzz <= mostFuzz; fuzz++) {
    const core = trimmed(hunk, fuzz)
    const wanted = textsOf(core.lines)
    // Nothing to look for fits everywhere.
    if (wanted.length === 0) return null
    const found = nearestPlace(lines, wanted, from, expected + core.before)
    if (found === null) continue
    const whole = oldLines(hunk)
    const start = Math.max(0, found.at - core.before)
    return {
      at: found.at,
      lines: core.lines,
      section: hunk.section,
      hunk: {
        path,
        number: hunk.number,
        line: start + 1,
        fuzz,
        places: found.places,
        expected: whole,
        found: lines.slice(start, start + whole.length),
      },
    }
  }
  return null
}

interface RebasedFile {
  readonly text: ByteText
  readonly hunks: readonly RebasedHunk[]
}

const isExact = ({ rejects }: Applied): boolean => rejects.length === 0

const rebaseFile = (file: FilePatch, path: string, before: ByteText | null): RebasedFile | null => {
  const lines = splitLines(before ?? '')
  const isExactly = isExact(applyHunks(file, before))
  // A file that is made or removed: there is no context to leave out.
  if ((file.oldPath === null || file.newPath === null) && !isExactly) return null
  const placed: PlacedHunk[] = []
  let [from, offset] = [0, 0]
  for (const hunk of file.hunks) {
    const count = oldLines(hunk).length
    const written = count === 0 ? hunk.oldStart : hunk.oldStart - 1
    const one: PlacedHunk | null =
      count === 0
        ? {
            at: written,
            lines: hunk.lines,
            section: hunk.section,
            hunk: {
              path,
              number: hunk.number,
              line: written + 1,
              fuzz: 0,
              places: 1,
              expected: [],
              found: [],
            },
          }
        : place(hunk, path, lines, from, written + offset)
    if (one === null) return null
    placed.push(one)
    offset = one.hunk.line - 1 - written
    from = one.at + textsOf(one.lines).length
  }
  return {
    text: fileDiff(path, file, lines, placed),
    hunks: placed.map(({ hunk }) => hunk).filter(({ fuzz, places }) => fuzz > 0 || places > 1),
  }
}

/**
 * The patch as it would be if it had been made for these files: each hunk with the smallest fuzz, at the
 * place nearest to its own.
 * @returns null when a hunk fits nowhere with the fuzz that patch(1) allows, or equally near at two places.
 */
export const rebase = (patch: Patch, level: number, read: ReadText): Rebased | null => {
  const texts: ByteText[] = []
  const hunks: RebasedHunk[] = []
  const seen = new Set<string>()
  for (const file of patch.files) {
    const path = targetOf(file, level, (name) => read(name) !== null)
    // The second part of the same file would see what the first one did.
    if (path === null || seen.has(path)) return null
    seen.add(path)
    const rebased = rebaseFile(file, path, read(path))
    if (rebased === null) return null
    texts.push(rebased.text)
    hunks.push(...rebased.hunks)
  }
  return { text: texts.join(''), fuzz: Math.max(0, ...hunks.map(({ fuzz }) => fuzz)), hunks }
}
