import type { DialectName } from '../dialects/dialect.ts'

export type Encoding =
  | 'utf-8'
  | 'iso-8859-1'
  | 'us-ascii'
  | 'windows-1252'
  | 'utf-16le'
  | 'utf-16be'

/** A file to write. */
export interface Artifact {
  readonly dialect: DialectName
  /** Below the output folder, with `/` between its parts; never absolute, never with `..`. */
  readonly path: string
  readonly text: string
  readonly bytes: Uint8Array
}
