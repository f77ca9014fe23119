/** Where a value stands in the spec: keys and indexes from the root, e.g. `['upstreams', 'tomcats', 'balance']`. */
export type SpecPath = readonly (string | number)[]

export type Severity = 'error' | 'warning' | 'info'

/**
 * What a diagnostic points at, before anybody looked up lines and columns:
 * a key or a value of the spec, a piece of its text (UTF-16 offsets, end exclusive),
 * or a place in another file that the spec names.
 */
export type Place =
  | { readonly kind: 'spec'; readonly path: SpecPath; readonly part: 'key' | 'value' }
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'file'
      readonly file: string
      /** 1-based; null when the whole file is meant. */
      readonly line: number | null
      /** 1-based, in characters; null when the whole line or file is meant. */
      readonly column: number | null
      readonly lineText: string | null
      /** In characters; 1 where it is left out. */
      readonly width?: number
    }

/** Replaces a piece of the text at which a diagnostic points: UTF-16 offsets, the end exclusive. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * An edit of the spec: another value, or the same with or without quotes. Comments and the order of
 * the file stay.
 */
export type SpecEdit =
  | { readonly kind: 'set'; readonly path: SpecPath; readonly value: string | boolean }
  | { readonly kind: 'quote' | 'unquote'; readonly path: SpecPath }

/** A remedy that needs no decision of the user, with the edits that apply it. */
export interface CertainRemedy {
  readonly text: string
  readonly edits: readonly (SpecEdit | TextEdit)[]
}

/** What to write instead; null where the message says it all. */
export type Remedy = string | CertainRemedy | null

/** A message about the user's input. Collected, never thrown. */
export interface Diagnostic {
  /** Stable, kebab-case; each has its section in docs/rules/. */
  readonly code: string
  readonly severity: Severity
  /** One plain sentence without a full stop; quotes the value it speaks of, unless that is a secret. */
  readonly message: string
  /** The remedy: what to write instead; null where the message says it all. */
  readonly help: string | null
  readonly at: Place
  /** The edits that apply the remedy, where it is certain. */
  readonly edits?: CertainRemedy['edits']
  /** The message without anything that a file says, for a file of which nothing may be shown. */
  readonly reason?: string
}

/** What a code means, wherever it is reported; docs/rules/ is made from it. */
export interface CodeMeaning {
  readonly severity: Severity
  /** The heading of its section: what is wrong, in one line. */
  readonly summary: string
  /** Why it matters, in a sentence or two, with what the server would do. */
  readonly why: string
}

export type CodeTable = Readonly<Record<string, CodeMeaning>>

/** The key at the path. */
export const atKey = (path: SpecPath): Place => ({ kind: 'spec', path, part: 'key' })

/** The value at the path. */
export const atValue = (path: SpecPath): Place => ({ kind: 'spec', path, part: 'value' })

export const hasErrors = (diagnostics: readonly Pick<Diagnostic, 'severity'>[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error')
