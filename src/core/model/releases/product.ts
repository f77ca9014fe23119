/** The known releases of one product. */
export interface Product {
  /** Name in messages. */
  readonly name: string
  /** The last release of each line that gets no more releases. */
  readonly ended: readonly string[]
  /** The last known release of each other line. */
  readonly open: readonly string[]
  /** The oldest line that is proposed: files can be written for it with any spec. */
  readonly oldest: string
  /** Later lines that are not supported. */
  readonly skipped: readonly string[]
  /** The release to propose if no release is closer to the written one. */
  readonly proposed: string
  /** Majors that can be written alone: the generated files are the same for all their lines. */
  readonly majors: readonly number[]
  /** Maximum number of lines expected before this list is updated. */
  readonly linesAhead: number
  /** Whether a next major is expected before this list is updated. */
  readonly hasNextMajor: boolean
}

/** `1.26.3 1.28.3` */
export const releases = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Maximum number of releases of a line expected before this list is updated: about two years. */
export const patchesAhead = 30
