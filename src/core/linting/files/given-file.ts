import type { FileKind } from './kind.ts'

/** A file that sessctl did not write. */
export interface GivenFile {
  /** Complete. */
  readonly path: string
  /** In messages. */
  readonly file: string
  readonly kind: Exclude<FileKind, 'spec'>
  readonly bytes: Uint8Array
  /** Whether it was read only because another one names it. */
  readonly isIncluded: boolean
}
