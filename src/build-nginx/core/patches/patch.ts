/** Text that was read byte for byte (latin1): sources may be in any encoding, and none of it may change. */
export type ByteText = string

export interface HunkLine {
  readonly kind: 'context' | 'removed' | 'added'
  /** With its line end, unless the file ends without one. */
  readonly text: ByteText
}

export interface Hunk {
  /** From 1, within its file. */
  readonly number: number
  /** Where the patch says it stands, from 1. */
  readonly oldStart: number
  readonly newStart: number
  readonly lines: readonly HunkLine[]
  /** What stands behind the second `@@`: usually the function. */
  readonly section: string
  /** Line of the patch, from 1. */
  readonly at: number
}

/** What a patch does to one file. */
export interface FilePatch {
  /** As written; null when the patch makes the file. */
  readonly oldPath: string | null
  /** As written; null when the patch removes the file. */
  readonly newPath: string | null
  readonly hunks: readonly Hunk[]
  /** Line of the patch, from 1. */
  readonly at: number
}

export interface Patch {
  /** What messages call it. */
  readonly name: string
  readonly files: readonly FilePatch[]
}

/** Why a text is no patch that could be applied. */
export interface PatchProblem {
  /** Line of the patch, from 1; null when it is about the whole. */
  readonly line: number | null
  readonly message: string
  readonly help: string | null
}

export const isProblem = <Result extends object>(
  result: Result | PatchProblem,
): result is PatchProblem => 'message' in result

/** The lines a hunk expects, or leaves behind. */
export const oldLines = ({ lines }: Hunk): readonly ByteText[] =>
  lines.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text]))
export const newLines = ({ lines }: Hunk): readonly ByteText[] =>
  lines.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text]))

/** Lines with their ends; the last one may have none. */
export const splitLines = (text: ByteText): readonly ByteText[] =>
  text.match(/[^\n]*\n|[^\n]+/g) ?? []

const reversedLine = ({ kind, text }: HunkLine): HunkLine => ({
  kind: kind === 'added' ? 'removed' : kind === 'removed' ? 'added' : 'context',
  text,
})

/** What takes the patch back: the last file first. */
export const reversed = ({ name, files }: Patch): Patch => ({
  name,
  files: [...files].reverse().map(reversedFile),
})

export const reversedFile = (file: FilePatch): FilePatch => ({
  ...file,
  oldPath: file.newPath,
  newPath: file.oldPath,
  hunks: file.hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.newStart,
    newStart: hunk.oldStart,
    lines: hunk.lines.map(reversedLine),
  })),
})
