import type { ByteText, FilePatch, Hunk, HunkLine, Patch, PatchProblem } from './patch.ts'
import { isProblem } from './patch.ts'

const problem = (
  line: number | null,
  message: string,
  help: string | null = null,
): PatchProblem => ({
  line,
  message,
  help,
})

const asUnified = 'save it with diff -u or git diff'

const foreign: readonly (readonly [RegExp, string, string])[] = [
  [
    /^\s*(<!doctype html|<html|<\?xml|<head\b)/i,
    'is a web page, not a patch',
    'download the raw file instead of the page that shows it',
  ],
  [/^GIT binary patch$/m, 'changes binary files', 'only changes of text can be applied'],
  [/^(rename|copy) (from|to) /m, 'renames or copies files', 'only changes of text can be applied'],
  [
    /^(?:new|old|new file|deleted file) mode 1[26]0000$/m,
    'creates or changes symbolic links or submodules',
    'only changes of text can be applied',
  ],
  [/^\*\*\* [^\n]*\n--- [^\n]*\n\*{15}/m, 'is a context diff', asUnified],
]

/** The whole file came with Windows line ends: they are of its way here, not of its content. */
const withoutCarriageReturns = (text: ByteText): ByteText =>
  /\r\n/.test(text) && !/[^\r]\n/.test(text) ? text.replaceAll('\r\n', '\n') : text

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
}

/** git puts unusual names in quotes, with C's escapes. */
const unquoted = (name: string): string =>
  name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      /^\d/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    )

/** `a/src/x.c<TAB>2024-01-01 …`; null for /dev/null. */
const pathOf = (written: string): string | null => {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(written)?.[0]
  if (quoted !== undefined) return unquoted(quoted)
  // Without a tab, a time may stand behind blanks.
  const path = (written.split('\t')[0] ?? '').replace(/\s+\d{4}-\d\d-\d\d[\s\S]*$/, '').trimEnd()
  return path === '/dev/null' ? null : path
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/

const kinds: Readonly<Record<string, HunkLine['kind']>> = {
  ' ': 'context',
  '-': 'removed',
  '+': 'added',
}

/** Reads from a list of lines (without their ends). */
class Reader {
  at = 0
  readonly lines: readonly string[]
  constructor(lines: readonly string[]) {
    this.lines = lines
  }
  get line(): string | undefined {
    return this.lines[this.at]
  }
}

/** Editors cut blanks at the end of a line: an empty line is a context line that is empty. */
const lineOf = (written: string): HunkLine | null => {
  if (written === '') return { kind: 'context', text: '\n' }
  const kind = kinds[written.charAt(0)]
  return kind === undefined ? null : { kind, text: `${written.slice(1)}\n` }
}

const readHunk = (reader: Reader, number: number): Hunk | PatchProblem => {
  const at = reader.at + 1
  const match = hunkHeader.exec(reader.line ?? '')
  if (match === null) return problem(at, 'this hunk has an invalid header', asUnified)
  const [, oldStart = '', oldCount = '1', newStart = '', newCount = '1', section = ''] = match
  reader.at++
  const lines: HunkLine[] = []
  let [oldLeft, newLeft] = [Number(oldCount), Number(newCount)]
  while (oldLeft > 0 || newLeft > 0) {
    const read = reader.line === undefined ? null : lineOf(reader.line)
    if (read === null) {
      return problem(
        at,
        `the patch ends within hunk ${number} of this file: ${oldLeft} old and ${newLeft} new lines are missing`,
        'download it again: it is incomplete, or was edited without updating its line counts',
      )
    }
    if (read.kind !== 'added') oldLeft--
    if (read.kind !== 'removed') newLeft--
    if (oldLeft < 0 || newLeft < 0) {
      return problem(at, `hunk ${number} of this file does not match the line counts of its header`)
    }
    reader.at++
    const isLast = reader.line?.startsWith('\\ ') ?? false
    if (isLast) reader.at++
    lines.push(isLast ? { ...read, text: read.text.slice(0, -1) } : read)
  }
  const common = { number, section: section.trim(), at }
  return { ...common, oldStart: Number(oldStart), newStart: Number(newStart), lines }
}

/** `--- a/x` and `+++ b/x` before a hunk: the same two lines in a commit message are not. */
const isFileHeader = ({ lines, at }: Reader): boolean =>
  /^--- \S/.test(lines[at] ?? '') &&
  /^\+\+\+ \S/.test(lines[at + 1] ?? '') &&
  (lines[at + 2] ?? '').startsWith('@@')

const fromNothing = ({ oldStart, lines }: Hunk): boolean =>
  oldStart === 0 && lines.every(({ kind }) => kind === 'added')

const readFile = (reader: Reader): FilePatch | PatchProblem => {
  const at = reader.at + 1
  const oldPath = pathOf((reader.lines[reader.at] ?? '').slice(4))
  const newPath = pathOf((reader.lines[reader.at + 1] ?? '').slice(4))
  if (oldPath === null && newPath === null)
    return problem(at, 'this part of the patch names no file')
  reader.at += 2
  const hunks: Hunk[] = []
  while (reader.line?.startsWith('@@') ?? false) {
    const hunk = readHunk(reader, hunks.length + 1)
    if (isProblem(hunk)) return hunk
    hunks.push(hunk)
  }
  // diff -N names both sides of a file that is new: nothing of it is at line 0.
  const isNew = newPath !== null && hunks.length === 1 && hunks.every(fromNothing)
  return { oldPath: isNew ? null : oldPath, newPath, hunks, at }
}

/**
 * Reads a unified diff, as diff, git, Mercurial and quilt write it, with whatever text stands
 * around it.
 */
export const parsePatch = (name: string, text: ByteText): Patch | PatchProblem => {
  for (const [pattern, message, help] of foreign) {
    if (pattern.test(text)) return problem(null, message, help)
  }
  const reader = new Reader(withoutCarriageReturns(text).split('\n'))
  const files: FilePatch[] = []
  while (reader.line !== undefined) {
    if (isFileHeader(reader)) {
      const file = readFile(reader)
      if (isProblem(file)) return file
      files.push(file)
    } else if (hunkHeader.test(reader.line)) {
      return problem(reader.at + 1, 'this hunk has no file header', asUnified)
    } else {
      reader.at++
    }
  }
  if (files.length === 0)
    return problem(null, 'has no changes', `no unified diff was found; ${asUnified}`)
  return { name, files }
}
