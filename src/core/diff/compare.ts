import { modeText, privateMode } from '../output/manifest.ts'
import { mergeSpans, type Span } from '../secrets/spans.ts'
import { regionsOf } from '../snippets/marked.ts'
import { decodeForDiff } from './decode.ts'
import { editsOf, linesOf } from './edits.ts'
import { type HunkLine, hunksOf, type Hunk as PlainHunk } from './hunks.ts'
import { type Lead, leadsOf, type Mask, maskFor } from './mask.ts'

/** One file, before and after. */
export interface Pair {
  readonly path: string
  /** null: there is no such file. */
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
  /** The same with a marker instead of each literal secret; null where it was not rendered with markers. */
  readonly markedBefore: string | null
  readonly markedAfter: string | null
  /** The new text with a marker instead of each secret, including secrets that it only refers to. */
  readonly shape: string | null
  /** The permission bits of the file on disk, where they let others read a secret; else null. */
  readonly openMode: number | null
}

/** What is known about secrets in all files of a comparison. */
export interface Secrets {
  readonly markers: readonly string[]
  /** Literal secrets of both sides, in all their spellings. */
  readonly spellings: readonly string[]
}

export interface Hunk extends Omit<PlainHunk, 'lines'> {
  /** Snippets of the spec that the changed lines are in, by their places. */
  readonly snippets: readonly string[]
  /** As in a unified diff: a sign and the line without its end, secrets masked; `\ No newline at end of file`. */
  readonly lines: readonly string[]
}

export interface FileChange {
  readonly path: string
  readonly status: 'created' | 'updated' | 'removed'
  /** null: unchanged. */
  readonly encoding: { readonly before: string; readonly after: string } | null
  /** Permission bits that let others read a secret; null: nothing to change. */
  readonly mode: { readonly before: string; readonly after: string } | null
  /** Lines. */
  readonly added: number
  readonly removed: number
  /** How many secrets the hunks show masked. */
  readonly masked: number
  /** Empty when the bytes differ but the text does not. */
  readonly hunks: readonly Hunk[]
}

interface Side {
  readonly lines: readonly string[]
  readonly encoding: string | null
  readonly mask: Mask
}

const sideOf = (
  bytes: Uint8Array | null,
  marked: string | null,
  leads: readonly Lead[],
  { markers, spellings }: Secrets,
): Side => {
  const { text, encoding } = bytes === null ? { text: '', encoding: null } : decodeForDiff(bytes)
  const lines = linesOf(text)
  const markedLines = marked === null ? null : linesOf(marked)
  // With another number of lines, the lines of both texts do not correspond.
  const isSame = markedLines?.length === lines.length
  const mask = maskFor({ marked: isSame ? markedLines : null, markers, spellings, leads })
  return { lines, encoding, mask }
}

interface FoundLine {
  readonly sign: string
  readonly text: string
  readonly spans: readonly Span[]
}

const signs = { context: ' ', removed: '-', added: '+' } as const

const foundLine = ({ kind, oldAt, newAt }: HunkLine, before: Side, after: Side): FoundLine => {
  const [oldText, newText] = [before.lines[oldAt ?? -1] ?? '', after.lines[newAt ?? -1] ?? '']
  const spans = [
    ...(oldAt === null ? [] : before.mask(oldText, oldAt)),
    ...(newAt === null ? [] : after.mask(newText, newAt)),
  ]
  return {
    sign: signs[kind],
    text: kind === 'removed' ? oldText : newText,
    spans: mergeSpans(spans),
  }
}

/** Equal secrets get equal names within a file: a reader sees that one changed, and nothing else of it. */
const naming = (lines: readonly FoundLine[]): ((secret: string) => string) => {
  const numbers = new Map<string, number>()
  for (const { text, spans } of lines) {
    for (const [start, end] of spans) {
      const secret = text.slice(start, end)
      if (!numbers.has(secret)) numbers.set(secret, numbers.size + 1)
    }
  }
  return (secret) => (numbers.size === 1 ? '(secret)' : `(secret ${numbers.get(secret) ?? 0})`)
}

const shown = (
  { sign, text, spans }: FoundLine,
  nameOf: (secret: string) => string,
): readonly string[] => {
  const masked = spans.reduceRight(
    (line, [start, end]) => line.slice(0, start) + nameOf(text.slice(start, end)) + line.slice(end),
    text,
  )
  return text.endsWith('\n')
    ? [sign + masked.slice(0, -1)]
    : [sign + masked, '\\ No newline at end of file']
}

const statusOf = ({ before, after }: Pair): FileChange['status'] =>
  before === null ? 'created' : after === null ? 'removed' : 'updated'

const count = (lines: readonly FoundLine[], sign: string): number =>
  lines.filter((line) => line.sign === sign).length

/**
 * How one file changes, as text in any encoding, with every secret masked on both sides.
 * @param context unchanged lines shown around each change.
 */
export const compareFile = (pair: Pair, secrets: Secrets, context: number): FileChange => {
  const { markedBefore, markedAfter, shape } = pair
  const leads = [markedBefore, markedAfter, shape].flatMap((marked) =>
    marked === null ? [] : leadsOf(marked, secrets.markers),
  )
  const before = sideOf(pair.before, markedBefore, leads, secrets)
  const after = sideOf(pair.after, markedAfter, leads, secrets)
  const edits = editsOf(before.lines, after.lines)
  const regions = { before: snippetLines(before.lines), after: snippetLines(after.lines) }
  const hunks = hunksOf(edits, context, before.lines.length).map((hunk) => ({
    ...hunk,
    snippets: snippetsIn(hunk, regions),
    lines: hunk.lines.map((line) => foundLine(line, before, after)),
  }))
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const nameOf = naming(lines)
  const isRecoded =
    before.encoding !== null && after.encoding !== null && before.encoding !== after.encoding
  return {
    path: pair.path,
    status: statusOf(pair),
    encoding: isRecoded ? { before: before.encoding, after: after.encoding } : null,
    mode:
      pair.openMode === null
        ? null
        : { before: modeText(pair.openMode), after: modeText(privateMode) },
    added: count(lines, '+'),
    removed: count(lines, '-'),
    masked: lines.reduce((sum, { spans }) => sum + spans.length, 0),
    hunks: hunks.map((hunk) => ({
      ...hunk,
      lines: hunk.lines.flatMap((line) => shown(line, nameOf)),
    })),
  }
}

/** The snippet that each line is in, its comments included; lines from 0. */
const snippetLines = (lines: readonly string[]): ReadonlyMap<number, string> =>
  new Map(
    regionsOf(lines.join('')).flatMap(({ end, name, start }) =>
      Array.from({ length: end - start + 1 }, (_, index) => [start - 1 + index, name] as const),
    ),
  )

interface SnippetLines {
  readonly before: ReadonlyMap<number, string>
  readonly after: ReadonlyMap<number, string>
}

const snippetsIn = (hunk: PlainHunk, { after, before }: SnippetLines): readonly string[] => {
  const changed = hunk.lines.filter(({ kind }) => kind !== 'context')
  const names = changed.flatMap(({ newAt, oldAt }) => [
    ...(oldAt === null ? [] : [before.get(oldAt)]),
    ...(newAt === null ? [] : [after.get(newAt)]),
  ])
  return [...new Set(names)].filter((name) => name !== undefined)
}

const byPath = (a: Pair, b: Pair): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

const isSame = ({ before, after }: Pair): boolean =>
  before === after || (before !== null && after !== null && Buffer.compare(before, after) === 0)

/** The files that differ, by path. Lazy: a comparison may have 20,000 files. */
export function* compareFiles(
  pairs: readonly Pair[],
  secrets: Secrets,
  context: number,
): Generator<FileChange> {
  for (const pair of [...pairs].sort(byPath))
    if (!isSame(pair) || pair.openMode !== null) yield compareFile(pair, secrets, context)
}
