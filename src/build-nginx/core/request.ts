import type { Environment } from './environment.ts'
import type { Level } from './lock/lock.ts'
import type { Destination } from './package/destination.ts'
import type { ModuleSource } from './sources/modules.ts'
import type { Source } from './sources/source.ts'

export type StaticLibrary = 'openssl' | 'pcre' | 'zlib'

/** A patch that somebody names: a file, or one that a module brings. */
export interface NamedPatch {
  /** Null: a file of this host. */
  readonly module: string | null
  readonly file: string
  /** It lies outside of the repository of the spec that names it: nothing that it says is shown. */
  readonly isDiscreet: boolean
}

/** What is asked for, from the command line and the spec together; paths are absolute. */
export interface BuildRequest {
  /** Null: whatever the source is. */
  readonly release: string | null
  /** Null: the project's own release, or Debian's source for an nginx of Debian's. */
  readonly nginx: Source | null
  readonly modules: readonly ModuleSource[]
  readonly linkage: 'static' | 'dynamic'
  /** An installed nginx for which only modules are built. */
  readonly forNginx: string | null
  /** An installed nginx whose arguments are taken over. */
  readonly like: string | null
  readonly libraries: Readonly<Record<StaticLibrary, Source | null>>
  readonly patches: readonly NamedPatch[]
  /** For configure and make. */
  readonly environment: Environment
  /** Modules without the patch that they need are built all the same. */
  readonly isUnpatchedAllowed: boolean
  /** A named patch that needs fuzz is rebased for this source, as a file to review. */
  readonly isRebased: boolean
  /** Null: whatever `cc` is. */
  readonly compiler: string | null
  /** Inherited configure flags and compiler options to remove. */
  readonly dropped: readonly string[]
  /** For configure, as they are. */
  readonly flags: readonly string[]
  readonly jobs: number
  readonly mirrors: { readonly nginx: string; readonly openssl: string }
  readonly isOffline: boolean
  /** Takes what the lock and the cache have of sources that move. */
  readonly isUpdate: boolean
  readonly isFrozen: boolean
  readonly leastLevel: Level
  /** Packages to write; their paths are absolute. */
  readonly outputs: readonly Destination[]
  /** Orders packages of one release. */
  readonly revision: number
  /** Also where somebody else's, or somebody's changes, stand. */
  readonly isOverwrite: boolean
}
