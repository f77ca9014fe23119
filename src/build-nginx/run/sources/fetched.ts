import type { Input } from '../../core/plan/plan.ts'
import type { Checkout } from '../../ports/build.ts'

/** A Debian source package: the upstream sources, and what Debian changes in them. */
export interface DebianPackage {
  readonly name: string
  readonly version: string
  /** `.debian.tar.xz` or `.diff.gz`; null where Debian changes nothing. */
  readonly changes: string | null
}

/** An input on this host, of which nothing is believed yet. */
export interface Fetched {
  readonly input: Input
  /** As nginx.lock has it. */
  readonly from: string
  readonly content:
    | { readonly kind: 'archive'; readonly path: string; readonly sha256: string }
    | {
        readonly kind: 'folder'
        readonly path: string
        /** The files of it that are the source; null: all that are no other build's. */
        readonly files: readonly string[] | null
      }
  /** A detached signature, as text. */
  readonly signature: string | null
  /** Known before anything was downloaded. */
  readonly expected: string | null
  readonly checkout: Checkout | null
  readonly debian: DebianPackage | null
  /** Whether it came over the network in this run. */
  readonly isNew: boolean
}
