import { isSecretKey } from '../secrets/keys.ts'
import type { Span } from '../secrets/spans.ts'
import type { Diagnostic, Place, SpecEdit, SpecPath, TextEdit } from './diagnostic.ts'
import { linesOf, type SourceLine, shownText } from './source-lines.ts'

/** Where a reader's eye should go: 1-based line and column, and the line itself for the caret. */
export interface Location {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  /** How many columns the caret underlines, at least 1. */
  readonly width: number
  readonly lineText: string | null
  /** The column of its first character, 1-based: of a very long line it is a piece. */
  readonly lineColumn: number
  /** Dotted path in the spec, such as `upstreams.tomcats.balance`; null outside the spec. */
  readonly path: string | null
}

export interface LocatedDiagnostic extends Omit<Diagnostic, 'at' | 'reason' | 'edits'> {
  readonly location: Location
  /** The edits of the file of the location that apply the remedy, where it is certain. */
  readonly fix?: readonly TextEdit[]
}

/** A text that diagnostics speak about: it knows its lines, and where each path of it stands. */
export interface Source {
  readonly file: string
  readonly text: string
  /** UTF-16 offsets of the key or value; the nearest parent's when the path is not written. */
  readonly range: (place: Extract<Place, { kind: 'spec' }>) => readonly [start: number, end: number]
  /** An edit of a value as an edit of the text; null where the value is not written in one piece. */
  readonly edit: (edit: SpecEdit) => TextEdit | null
  /** Where secrets stand in the text, sorted: a line is shown with stars there. */
  readonly secrets: () => readonly Span[]
}

/** A key below a secret's may be the secret itself, as in `password: {hunter2}`. */
const dotted = (path: SpecPath): string => {
  const secret = path.findIndex(isSecretKey)
  return (secret === -1 ? path : path.slice(0, secret + 1)).join('.')
}

/** Of a line that is longer (a spec in JSON may be a single one), the surroundings are enough. */
const longest = 1000
const lead = 200

const pieceOf = (line: string, column: number): Pick<Location, 'lineText' | 'lineColumn'> => {
  const start = line.length <= longest ? 0 : Math.max(0, column - 1 - lead)
  return { lineText: line.slice(start, start + longest), lineColumn: start + 1 }
}

/** A line of another file as it may be shown; each is looked through once. */
type ShownLine = (file: string, line: number | null, text: string) => string

const shownLines = (): ShownLine => {
  const known = new Map<string, string>()
  return (file, line, text) => {
    const key = `${file}\0${line}`
    const shown = (line === null ? undefined : known.get(key)) ?? shownText(text, [])
    known.set(key, shown)
    return shown
  }
}

const locateIn = (
  source: Source,
  lineAt: (offset: number) => SourceLine,
  shownOf: ShownLine,
  place: Place,
): Location => {
  if (place.kind === 'file') {
    const { file, line, column, lineText, width = 1 } = place
    const shown = lineText === null ? null : shownOf(place.file, line, lineText)
    const piece = shown === null ? { lineText: null, lineColumn: 1 } : pieceOf(shown, column ?? 1)
    return { file, line, column, width, ...piece, path: null }
  }
  const [start, end] = place.kind === 'text' ? [place.start, place.end] : source.range(place)
  const line = lineAt(start)
  const column = start - line.start + 1
  return {
    file: source.file,
    line: line.index + 1,
    column,
    width: Math.max(1, Math.min(end, line.end) - start),
    ...pieceOf(line.shown, column),
    path: place.kind === 'spec' ? dotted(place.path) : null,
  }
}

const order = (a: LocatedDiagnostic, b: LocatedDiagnostic): number =>
  // By code units: localeCompare loads a collator, 5 ms.
  (a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0) ||
  (a.location.line ?? 0) - (b.location.line ?? 0) ||
  (a.location.column ?? 0) - (b.location.column ?? 0)

/** Shorter texts are words that messages have anyway. */
const shortestSecret = 4

/** No message quotes more of a value. */
const longestMessage = 10_000

/**
 * A remedy may propose what was written, which may be a secret at a wrong place. Secrets are looked up
 * by length, longest first: there may be thousands of them, and of messages.
 */
const hiding = (source: Source): ((text: string) => string) => {
  const byLength = new Map<number, Set<string>>()
  for (const [start, end] of source.secrets()) {
    const length = end - start
    if (length < shortestSecret || length > longestMessage) continue
    const same = byLength.get(length) ?? new Set()
    byLength.set(length, same.add(source.text.slice(start, end)))
  }
  const ordered = [...byLength].sort(([a], [b]) => b - a)
  return (text) =>
    ordered.reduce((hidden, [length, secrets]) => {
      let at = 0
      let shown = hidden
      for (; at + length <= shown.length; at++) {
        if (!secrets.has(shown.slice(at, at + length))) continue
        shown = shown.slice(0, at) + '*'.repeat(length) + shown.slice(at + length)
        at += length - 1
      }
      return shown
    }, text)
}

/** All edits of a remedy, or none. */
const fixIn = (
  { edit }: Source,
  edits: Diagnostic['edits'],
): { readonly fix?: readonly TextEdit[] } => {
  if (edits === undefined) return {}
  const fix = edits.map((each) => ('kind' in each ? edit(each) : each))
  const whole = fix.filter((each) => each !== null)
  return whole.length === fix.length ? { fix: whole } : {}
}

/** The lines and columns of places, in their order. */
export const locationsOf = (places: readonly Place[], source: Source): readonly Location[] => {
  if (places.length === 0) return []
  const lineAt = linesOf(source.text, source.secrets())
  const shownOf = shownLines()
  return places.map((place) => locateIn(source, lineAt, shownOf, place))
}

/** Looks up lines and columns, and sorts by place; equal places keep the order they were found in. */
export const locate = (
  diagnostics: readonly Diagnostic[],
  source: Source,
): readonly LocatedDiagnostic[] => {
  if (diagnostics.length === 0) return []
  const lineAt = linesOf(source.text, source.secrets())
  const hidden = hiding(source)
  const shownOf = shownLines()
  return diagnostics
    .map(({ code, severity, message, help, at, edits }) => ({
      code,
      severity,
      message: hidden(message),
      help: help === null ? null : hidden(help),
      location: locateIn(source, lineAt, shownOf, at),
      ...fixIn(source, edits),
    }))
    .sort(order)
}
