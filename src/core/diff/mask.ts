import { isHarmless, secretsInText } from '../secrets/in-text.ts'
import { mergeSpans, type Span } from '../secrets/spans.ts'
import { bareEnd, closingQuote, isQuote } from '../secrets/value-end.ts'

/** What is known about the secrets of one side of a comparison. */
export interface Known {
  /** The same lines with markers instead of secrets; null for files on disk, which were not rendered. */
  readonly marked: readonly string[] | null
  readonly markers: readonly string[]
  /** Secrets in the forms that a file may contain. */
  readonly spellings: readonly string[]
  /** The text before and after secrets in the new files. */
  readonly leads: readonly Lead[]
}

/** The text before a secret, and the character after it; empty: the end of the line. */
export interface Lead {
  readonly before: string
  readonly after: string
}

/** Shorter secrets are found by their position only: otherwise half of a file would be masked. */
const shortestSpelling = 4

const xml: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** A secret as it is, and in the usual forms of escaping. */
export const spellingsOf = (secrets: readonly string[]): readonly string[] => {
  const all = secrets.flatMap((secret) => [
    secret,
    secret.replace(/[&<>"']/g, (character) => xml[character] ?? character),
    secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
    secret.replace(/[&<>]/g, (character) => xml[character] ?? character),
    secret.replace(/["'\\]/g, '\\$&'),
    secret.replace(/["\\]/g, '\\$&'),
    secret.replace(/[\s"'\\#$;{}]/g, '\\$&'),
    secret.replaceAll("'", "''"),
    encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd')),
  ])
  const long = new Set(all.filter((spelling) => spelling.length >= shortestSpelling))
  return [...long].sort((a, b) => b.length - a.length)
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const anyOf = (texts: readonly string[]): RegExp => new RegExp(texts.map(escaped).join('|'), 'g')

/** The whole line without its indentation and its end. */
const whole = (line: string): readonly Span[] => [
  [line.length - line.trimStart().length, line.trimEnd().length],
]

/** The secrets of a line are where the marked line has its markers, including quotes. */
const bySame = (line: string, marked: string, markers: RegExp): readonly Span[] => {
  const parts = marked.split(markers)
  if (parts.length === 1) return []
  const found = new RegExp(`^${parts.map(escaped).join('(.*?)')}$`, 'ds').exec(line)
  // If the line was rendered differently with a marker, the whole line is masked.
  if (!found) return whole(line)
  return (found.indices ?? []).slice(1).flatMap((span) => (span ? [span] : []))
}

/** In another text: after the same words, up to the same character. */
const byLead = (line: string, { before, after }: Lead): readonly Span[] => {
  const spans: Span[] = []
  for (let at = line.indexOf(before); at !== -1; at = line.indexOf(before, at + 1)) {
    const start = at + before.length
    const isWithin = /^\w/.test(before) && /[\w.-]$/.test(line.slice(0, at))
    if (isWithin || start >= line.trimEnd().length) continue
    const opened = isQuote(line[start - 1]) ? start - 1 : isQuote(line[start]) ? start : null
    if (opened !== null) spans.push([opened + 1, closingQuote(line, opened)])
    else {
      const ends = after === '' ? /[\r\n]/ : new RegExp(`[\\s"'${escaped(after)}]`)
      spans.push([start, bareEnd(line, start, ends)])
    }
  }
  return spans
}

const bySpelling = (line: string, spellings: readonly string[]): readonly Span[] =>
  spellings.flatMap((spelling) => {
    const spans: Span[] = []
    for (let at = line.indexOf(spelling); at !== -1; at = line.indexOf(spelling, at + 1))
      spans.push([at, at + spelling.length])
    return spans
  })

/** The last word before a secret with its sign and quote, as `password="` or `requirepass `. */
const leadWord = /[\w.[\]%-]*\w[\w.[\]%-]*["']?\s*(?:=>|[=:(,])?\s*["']?$/

/** The surroundings of secrets in the new text, which find them in an older text. */
export const leadsOf = (marked: string, markers: readonly string[]): readonly Lead[] => {
  if (markers.length === 0) return []
  const found = new Map<string, Lead>()
  for (const line of marked.split('\n')) {
    for (const { 0: marker, index } of line.matchAll(anyOf(markers))) {
      const start = line.slice(0, index)
      const before = leadWord.exec(start.slice(-200))?.[0] ?? start.trimStart()
      const after = line[index + marker.length] ?? ''
      if (/\w/.test(before)) found.set(JSON.stringify([before, after]), { before, after })
    }
  }
  return [...found.values()]
}

/** Finds the secrets of a line. */
export type Mask = (line: string, at: number) => readonly Span[]

/** Everything that is, or looks like, a secret on one side of a comparison. */
export const maskFor = ({ marked, markers, spellings, leads }: Known): Mask => {
  const anyMarker = markers.length === 0 ? null : anyOf(markers)
  return (line, at) => {
    const same = marked?.[at]
    const likely = [
      ...leads.flatMap((lead) => byLead(line, lead)),
      ...secretsInText(line.replace(/\r?\n$/, '')),
    ]
    return mergeSpans(
      [
        ...(anyMarker && same !== undefined ? bySame(line, same, anyMarker) : []),
        ...likely.filter(([start, end]) => !isHarmless(line.slice(start, end))),
        ...bySpelling(line, spellings),
      ].filter(([start, end]) => start < end),
    )
  }
}
