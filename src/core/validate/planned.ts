import type { Check, Verdict } from './check.ts'

/** What a tool left behind. */
export interface Answer {
  /** null: it did not end by itself. */
  readonly exitCode: number | null
  /** The line that was waited for came. */
  readonly isReached: boolean
  readonly isTimedOut: boolean
  /** Standard output and standard error. */
  readonly output: string
}

export interface Note {
  /** The artifact it is about; null: all that are covered. */
  readonly path: string | null
  /** A sentence without a full stop. */
  readonly text: string
}

/** A check that can be run, and how to read what comes of it. */
export interface Planned {
  /** Paths of the artifacts that it is about. */
  readonly covers: readonly string[]
  /** Artifacts that are checked by the like of them: each with the covered one. */
  readonly twins: readonly { readonly path: string; readonly like: string }[]
  /** The release that is written for, when another is asked, such as `nginx 1.26.3`. */
  readonly insteadOf: string | null
  /** In which way it is less than the real thing. */
  readonly notes: readonly Note[]
  readonly check: Check
  /** A server that runs until it prints such a line; null: a program that ends by itself. */
  readonly until: RegExp | null
  readonly read: (answer: Answer) => Verdict
}

/** Artifacts that cannot be checked, and why. */
export interface Impossible {
  readonly paths: readonly string[]
  readonly reason: string
}
