import type { ByteText } from './patch.ts'
import type { Rebased, RebasedHunk } from './rebase.ts'

const column = 56

const cell = (line: ByteText | undefined): string => {
  // Long blanks within a line would hide what differs behind them.
  const text = (line ?? '')
    .trimEnd()
    .replaceAll('\t', '    ')
    .replace(/(\S) {3,}/g, '$1  ')
  return (text.length > column ? `${text.slice(0, column - 1)}…` : text).padEnd(column)
}

const hunkLines = (hunk: RebasedHunk, source: string): readonly string[] => {
  const { path, number, line, fuzz, places, expected, found } = hunk
  const where = places === 1 ? '' : `, the nearest of ${places} places`
  const count = Math.max(expected.length, found.length)
  return [
    `hunk ${number} of ${path}, at line ${line} (fuzz ${fuzz}${where}):`,
    `  ${cell('the patch expects')}   ${source} has`,
    ...Array.from({ length: count }, (_, index) => {
      const [left, right] = [expected[index], found[index]]
      return `  ${cell(left)} ${left === right ? '|' : '≠'} ${cell(right).trimEnd()}`
    }),
  ]
}

/** What the patch expects, next to what it was placed on. */
export const sideBySide = ({ hunks }: Rebased, source: string): readonly string[] =>
  hunks.flatMap((hunk) => hunkLines(hunk, source))
