import { secretsInText } from '../secrets/in-text.ts'
import { isSecretKey } from '../secrets/keys.ts'
import { mergeSpans, type Span, starred } from '../secrets/spans.ts'
import type { Diagnostic, Place, SpecPath } from './diagnostic.ts'

/** Where a reader's eye should go: 1-based line and column, and the line itself for the caret. */
export interface Location {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
  /** How many columns the caret underlines, at least 1. */
  readonly width: number
  readonly lineText: string | null
  /** Dotted path in the spec, such as `upstreams.tomcats.balance`; null outside the spec. */
  readonly path: string | null
}

export interface LocatedDiagnostic extends Omit<Diagnostic, 'at'> {
  readonly location: Location
}

/** A text that diagnostics speak about: it knows its lines, and where each path of it stands. */
export interface Source {
  readonly file: string
  readonly text: string
  /** UTF-16 offsets of the key or value; the nearest parent's when the path is not written. */
  readonly range: (place: Extract<Place, { kind: 'spec' }>) => readonly [start: number, end: number]
  /** Where secrets stand in the text, sorted: a line is shown with stars there. */
  readonly secrets: () => readonly Span[]
}

const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

const lineIndexAt = (starts: readonly number[], offset: number): number => {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** A key below a secret's may be the secret itself, as in `password: {hunter2}`. */
const dotted = (path: SpecPath): string => {
  const secret = path.findIndex(isSecretKey)
  return (secret === -1 ? path : path.slice(0, secret + 1)).join('.')
}

/** The line as it may be shown: with stars where secrets stand, or what looks like one. */
const shownLine = (line: string, lineStart: number, secrets: readonly Span[]): string => {
  const end = lineStart + line.length
  const inLine = secrets.flatMap(([from, to]): readonly Span[] =>
    from < end && to > lineStart
      ? [[Math.max(from, lineStart) - lineStart, Math.min(to, end) - lineStart]]
      : [],
  )
  return starred(line, mergeSpans([...inLine, ...secretsInText(line)]))
}

const locateIn = (
  source: Source,
  starts: readonly number[],
  secrets: readonly Span[],
  place: Place,
): Location => {
  if (place.kind === 'file') {
    const { file, line, column, lineText } = place
    const shown = lineText === null ? null : shownLine(lineText, 0, [])
    return { file, line, column, width: 1, lineText: shown, path: null }
  }
  const [start, end] = place.kind === 'text' ? [place.start, place.end] : source.range(place)
  const index = lineIndexAt(starts, start)
  const lineStart = starts[index] ?? 0
  const lineEnd = (starts[index + 1] ?? source.text.length + 1) - 1
  return {
    file: source.file,
    line: index + 1,
    column: start - lineStart + 1,
    width: Math.max(1, Math.min(end, lineEnd) - start),
    lineText: shownLine(
      source.text.slice(lineStart, lineEnd).replace(/\r$/, ''),
      lineStart,
      secrets,
    ),
    path: place.kind === 'spec' ? dotted(place.path) : null,
  }
}

const order = (a: LocatedDiagnostic, b: LocatedDiagnostic): number =>
  // By code units: localeCompare loads a collator, 5 ms.
  (a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0) ||
  (a.location.line ?? 0) - (b.location.line ?? 0) ||
  (a.location.column ?? 0) - (b.location.column ?? 0)

/** Looks up lines and columns, and sorts by place; equal places keep the order they were found in. */
export const locate = (
  diagnostics: readonly Diagnostic[],
  source: Source,
): readonly LocatedDiagnostic[] => {
  if (diagnostics.length === 0) return []
  const starts = lineStarts(source.text)
  const secrets = source.secrets()
  return diagnostics
    .map(({ at, ...rest }) => ({ ...rest, location: locateIn(source, starts, secrets, at) }))
    .sort(order)
}
