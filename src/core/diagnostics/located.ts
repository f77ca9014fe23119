import type { Diagnostic, Place } from './diagnostic.ts'

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

const dotted = (path: readonly (string | number)[]): string => path.join('.')

const locateIn = (source: Source, starts: readonly number[], place: Place): Location => {
  if (place.kind === 'file') {
    const { file, line, column, lineText } = place
    return { file, line, column, width: 1, lineText, path: null }
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
    lineText: source.text.slice(lineStart, lineEnd).replace(/\r$/, ''),
    path: place.kind === 'spec' ? dotted(place.path) : null,
  }
}

const order = (a: LocatedDiagnostic, b: LocatedDiagnostic): number =>
  a.location.file.localeCompare(b.location.file, 'en') ||
  (a.location.line ?? 0) - (b.location.line ?? 0) ||
  (a.location.column ?? 0) - (b.location.column ?? 0)

/** Looks up lines and columns, and sorts by place; equal places keep the order they were found in. */
export const locate = (
  diagnostics: readonly Diagnostic[],
  source: Source,
): readonly LocatedDiagnostic[] => {
  if (diagnostics.length === 0) return []
  const starts = lineStarts(source.text)
  return diagnostics
    .map(({ at, ...rest }) => ({ ...rest, location: locateIn(source, starts, at) }))
    .sort(order)
}
