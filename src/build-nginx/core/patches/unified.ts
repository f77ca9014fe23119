import type { ByteText, FilePatch, HunkLine } from './patch.ts'

/** A hunk at its place in a file. */
export interface Change {
  /** Of its first line, from 0, in the file before the patch. */
  readonly at: number
  readonly lines: readonly HunkLine[]
  readonly section: string
}

const context = 3

const oldCount = (lines: readonly HunkLine[]): number =>
  lines.filter(({ kind }) => kind !== 'added').length
const newCount = (lines: readonly HunkLine[]): number =>
  lines.filter(({ kind }) => kind !== 'removed').length

/** From the first line that changes to the last one. */
const core = ({ at, lines, section }: Change): Change => {
  const first = lines.findIndex(({ kind }) => kind !== 'context')
  const last = lines.findLastIndex(({ kind }) => kind !== 'context')
  return { at: at + first, lines: lines.slice(first, last + 1), section }
}

const asContext = (texts: readonly ByteText[]): readonly HunkLine[] =>
  texts.map((text) => ({ kind: 'context', text }))

/** Changes whose lines of context would meet become one. */
const joined = (changes: readonly Change[], lines: readonly ByteText[]): readonly Change[] => {
  const all: Change[] = []
  for (const change of changes.map(core)) {
    const before = all.at(-1)
    const end = before === undefined ? 0 : before.at + oldCount(before.lines)
    if (before === undefined || change.at - end > 2 * context) all.push(change)
    else
      all[all.length - 1] = {
        ...before,
        lines: [...before.lines, ...asContext(lines.slice(end, change.at)), ...change.lines],
      }
  }
  return all
}

const withContext = ({ at, lines, section }: Change, file: readonly ByteText[]): Change => {
  const start = Math.max(0, at - context)
  const end = at + oldCount(lines)
  return {
    at: start,
    lines: [
      ...asContext(file.slice(start, at)),
      ...lines,
      ...asContext(file.slice(end, end + context)),
    ],
    section,
  }
}

const marks = { context: ' ', removed: '-', added: '+' } as const

const lineText = ({ kind, text }: HunkLine): string =>
  text.endsWith('\n')
    ? `${marks[kind]}${text}`
    : `${marks[kind]}${text}\n\\ No newline at end of file\n`

/** Of nothing, diff names the line before. */
const range = (at: number, count: number): string => `${count === 0 ? at : at + 1},${count}`

/** One file of a unified diff with -p1: the changes with three lines of context of the file. */
export const fileDiff = (
  path: string,
  { oldPath, newPath }: FilePatch,
  file: readonly ByteText[],
  changes: readonly Change[],
): ByteText => {
  let shift = 0
  const hunks = joined(changes, file).map((change) => {
    const { at, lines, section } = withContext(change, file)
    const [before, after] = [oldCount(lines), newCount(lines)]
    const header = `@@ -${range(at, before)} +${range(at + shift, after)} @@${section === '' ? '' : ` ${section}`}\n`
    shift += after - before
    return `${header}${lines.map(lineText).join('')}`
  })
  const from = oldPath === null ? '/dev/null' : `a/${path}`
  const to = newPath === null ? '/dev/null' : `b/${path}`
  return `--- ${from}\n+++ ${to}\n${hunks.join('')}`
}
