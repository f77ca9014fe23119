import type { TextEdit } from '../../core/diagnostics/diagnostic.ts'
import type { Finding } from '../../core/linting/finding.ts'

export interface CheckedFile {
  /** As the command line names it. */
  readonly file: string
  /** Complete. */
  readonly path: string
  readonly bytes: Uint8Array
  /** Texts in the file that are not shown. */
  readonly secrets: readonly string[]
  /** Applies edits of its text. */
  readonly edited: (edits: readonly TextEdit[]) => Uint8Array
}

/** Files that were checked together. */
export interface Checked {
  readonly files: readonly CheckedFile[]
  readonly findings: readonly Finding[]
}

/** Checks files again. @param contents the bytes of those that differ from the disk, by their paths. */
export type Check = (contents: ReadonlyMap<string, Uint8Array>) => Promise<Checked>
