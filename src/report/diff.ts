import type { FileChange, Hunk } from '../core/diff/compare.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

const range = (start: number, lines: number): string =>
  lines === 1 ? String(start) : `${start},${lines}`

/** After the second `@@`, where diff tools name the part of a file. */
const heading = (snippets: readonly string[]): string =>
  snippets.length === 0 ? '' : ` snippet ${snippets.join(', ')}`

const header = ({ oldStart, oldLines, newStart, newLines, snippets }: Hunk): string =>
  `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@${visible(heading(snippets))}`

const paint = (line: string, style: Style): string => {
  if (line.startsWith('+')) return style.green(visible(line))
  if (line.startsWith('-')) return style.red(visible(line))
  return visible(line)
}

const contentRemarks = ({ status, encoding, hunks, mode }: FileChange): readonly string[] => {
  if (encoding !== null) return [`# encoding: ${encoding.before} → ${encoding.after}`]
  return hunks.length === 0 && status === 'updated' && mode === null
    ? ['# the bytes differ, the text does not']
    : []
}

/** Printed between the names and the hunks, where `patch` and similar tools ignore it. */
const remarks = (change: FileChange): readonly string[] => [
  ...(change.mode === null
    ? []
    : [`# mode: ${change.mode.before} → ${change.mode.after}, because it holds a secret`]),
  ...contentRemarks(change),
]

/** One file as a unified diff, as `git diff` writes it: names, hunks, nothing else. */
export const formatFileChange = (change: FileChange, style: Style): string => {
  const path = visible(change.path)
  return [
    style.bold(`--- ${change.status === 'created' ? '/dev/null' : `a/${path}`}`),
    style.bold(`+++ ${change.status === 'removed' ? '/dev/null' : `b/${path}`}`),
    ...remarks(change),
    ...change.hunks.flatMap((hunk) => [
      style.cyan(header(hunk)),
      ...hunk.lines.map((line) => paint(line, style)),
    ]),
    '',
  ].join('\n')
}
