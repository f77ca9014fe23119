import type { ByteText, Hunk } from './patch.ts'
import { oldLines, splitLines } from './patch.ts'

export interface Nearest {
  /** From 1, in the file: where most lines of the hunk stand. */
  readonly line: number
  readonly matching: number
  readonly wanted: number
  /** The first line that differs there. */
  readonly expected: string
  /** Null at the end of the file. */
  readonly found: string | null
}

const longestLine = 160
const shown = (line: ByteText): string => line.trimEnd().slice(0, longestLine)

/** What of the file looks most like what the hunk expects; null when nothing does. */
export const nearest = (hunk: Hunk, text: ByteText): Nearest | null => {
  const lines = splitLines(text)
  const wanted = oldLines(hunk)
  let [best, bestAt] = [0, -1]
  for (let at = 0; at < lines.length; at++) {
    let matching = 0
    for (const [index, line] of wanted.entries()) if (lines[at + index] === line) matching++
    // Empty lines and braces are everywhere: the place that is near to its own wins.
    const isNearer = Math.abs(at + 1 - hunk.oldStart) < Math.abs(bestAt + 1 - hunk.oldStart)
    if (matching > best || (matching === best && best > 0 && isNearer))
      [best, bestAt] = [matching, at]
  }
  const differing = wanted.findIndex((line, index) => lines[bestAt + index] !== line)
  if (best === 0 || differing === -1) return null
  const found = lines[bestAt + differing]
  return {
    line: bestAt + differing + 1,
    matching: best,
    wanted: wanted.length,
    expected: shown(wanted[differing] ?? ''),
    found: found === undefined ? null : shown(found),
  }
}
