import type { DialectName } from '../dialects/dialect.ts'

/** A file to write. */
export interface Artifact {
  readonly dialect: DialectName
  /** Below the output folder, with `/` between its parts; never absolute, never with `..`. */
  readonly path: string
  /**
   * The existing file that was edited: by its path among those of its configuration, or as written in
   * the spec. null: a new file.
   */
  readonly source: string | null
  readonly text: string
  readonly bytes: Uint8Array
}
