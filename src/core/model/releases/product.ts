/** The releases of one product, as far as they are known here. */
export interface Product {
  /** As it is called in messages. */
  readonly name: string
  /** Each release line that gets no more releases, by its last one. */
  readonly ended: readonly string[]
  /** Each other line, by its last known release. */
  readonly open: readonly string[]
  /** The oldest line that is proposed: files are written for it, whatever else the spec says. */
  readonly oldest: string
  /** Later lines that files are not written for. */
  readonly skipped: readonly string[]
  /** The release to propose where nothing nearer is known. */
  readonly proposed: string
  /** Majors that may be written alone: what is written is the same for all their lines. */
  readonly majors: readonly number[]
  /** How many lines after the newest may come before this list is brought up to date. */
  readonly linesAhead: number
  /** Whether a next major may come, too. */
  readonly hasNextMajor: boolean
}

/** `1.26.3 1.28.3` */
export const releases = (text: string): readonly string[] => text.trim().split(/\s+/)

/** A line may get this many releases before its list is brought up to date: about two years of them. */
export const patchesAhead = 30
