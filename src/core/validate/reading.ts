import type { Spot } from './places.ts'

/** What it takes to put the answer of a tool into terms of the artifacts. */
export interface Reading {
  readonly spotOf: (file: string, line: number | null) => Spot
  /** Puts the originals back into a message. */
  readonly original: (text: string) => string
  /** The artifact that a message without a place most likely means. */
  readonly fallback: string | null
  /**
   * What the tool that was asked lacks of the one that is written for; null: it is the same. Then a
   * word that it does not know tells nothing about the artifacts.
   */
  readonly lacks: string | null
}
