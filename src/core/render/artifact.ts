import type { DialectName } from '../dialects/dialect.ts'

/** A file to write. */
export interface Artifact {
  readonly dialect: DialectName
  /** Below the output folder, with `/` between its parts; never absolute, never with `..`. */
  readonly path: string
  readonly text: string
  readonly bytes: Uint8Array
}
