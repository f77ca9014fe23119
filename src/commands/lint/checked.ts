import type { TextEdit } from '../../core/diagnostics/diagnostic.ts'
import type { Finding } from '../../core/linting/finding.ts'

/** One file that was checked. */
export interface Checked {
  /** As the command line names it. */
  readonly file: string
  readonly bytes: Uint8Array
  /** Texts in the file that are not shown. */
  readonly secrets: readonly string[]
  readonly findings: readonly Finding[]
  /** Applies edits of its text. */
  readonly edited: (edits: readonly TextEdit[]) => Uint8Array
}
