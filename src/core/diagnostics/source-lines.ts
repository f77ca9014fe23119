import { secretsInText } from '../secrets/in-text.ts'
import { mergeSpans, type Span, starred } from '../secrets/spans.ts'

export interface SourceLine {
  /** 0-based. */
  readonly index: number
  /** UTF-16 offsets; the line end is behind them. */
  readonly start: number
  readonly end: number
  /** The line as it may be shown: with stars where secrets stand, or what looks like one. */
  readonly shown: string
}

const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** How many of the ascending numbers are at most this one. */
const countUpTo = (limit: number, length: number, numberAt: (index: number) => number): number => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numberAt(middle) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** What of the secrets stands in a piece of the text, as offsets in it. */
const spansWithin = (secrets: readonly Span[], start: number, end: number): readonly Span[] => {
  const spans: Span[] = []
  const first = countUpTo(start, secrets.length, (index) => secrets[index]?.[1] ?? 0)
  for (let index = first; (secrets[index]?.[0] ?? end) < end; index++) {
    const [from, to] = secrets[index] ?? [end, end]
    spans.push([Math.max(from, start) - start, Math.min(to, end) - start])
  }
  return spans
}

export const shownText = (text: string, secrets: readonly Span[]): string =>
  starred(text, mergeSpans([...secrets, ...secretsInText(text)]))

/** Words of a directive, without secrets. */
export const shownWords = (words: readonly string[]): string => shownText(words.join(' '), [])

/**
 * Finds the line of an offset. Each line is looked through once: thousands of problems may stand on
 * the only line of a spec in JSON.
 * @param secrets sorted.
 */
export const linesOf = (text: string, secrets: readonly Span[]): ((at: number) => SourceLine) => {
  const starts = lineStarts(text)
  const known = new Map<number, SourceLine>()
  const lineOf = (index: number): SourceLine => {
    const start = starts[index] ?? 0
    const end = (starts[index + 1] ?? text.length + 1) - 1
    const written = text.slice(start, end).replace(/\r$/, '')
    const inLine = spansWithin(secrets, start, start + written.length)
    return { index, start, end, shown: shownText(written, inLine) }
  }
  return (at) => {
    const index = countUpTo(at, starts.length, (each) => starts[each] ?? 0) - 1
    const line = known.get(index) ?? lineOf(index)
    known.set(index, line)
    return line
  }
}
