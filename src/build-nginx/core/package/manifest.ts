import { sha256Hex } from '../digest.ts'
import type { Proof } from '../lock/lock.ts'
import type { RebasedFrom } from '../patches/origin.ts'
import type { Taint } from '../patches/taint.ts'
import { modeText, type PackageEntry } from './entries.ts'
import type { Recipe } from './recipe.ts'

export interface ManifestInput {
  readonly name: string
  readonly kind: 'nginx' | 'module' | 'openssl' | 'pcre' | 'zlib'
  /** As nginx.lock has it; of a local source its last name only. */
  readonly from: string
  readonly version: string | null
  /** Of an archive, or of all that a folder holds. */
  readonly sha256: string
  readonly isArchive: boolean
  readonly commit: string | null
  readonly tree: string | null
  /** What vouches for it by itself: that nginx.lock knew its hash before is not counted. */
  readonly verified: Proof
}

export interface ManifestPatch {
  readonly name: string
  /** Which input it changes. */
  readonly of: string
  readonly sha256: string
  readonly level: number | null
  readonly state: 'applied' | 'already'
  /** The patch that it was made from, when that needed fuzz; not there otherwise. */
  readonly rebasedFrom?: RebasedFrom
}

export interface ManifestModule {
  readonly name: string
  readonly linkage: 'static' | 'dynamic'
  /** Of its source, with what patches change in it. */
  readonly digest: string
}

/** All that is known of a package; no time of building, no host, no user. */
export interface Manifest {
  readonly producer: 'sessctl build-nginx'
  readonly format: 1
  readonly release: string
  readonly target: 'nginx' | 'modules'
  /** What `nginx -v` shows in brackets. */
  readonly build: string | null
  /** `build` is the beginning of its sha256, written as `jq -cjS .recipe` does. */
  readonly recipe: Recipe | null
  readonly inputs: readonly ManifestInput[]
  readonly patches: readonly ManifestPatch[]
  /** Structs that patches changed: dynamic modules must be built from the same sources. */
  readonly taints: readonly Taint[]
  readonly configure: readonly string[]
  /** Variables that configure and make got (--env). */
  readonly environment: Readonly<Record<string, string>>
  readonly compiler: string
  readonly modules: readonly ManifestModule[]
  /** What `nginx -V` says, line by line; empty when there is only a module. */
  readonly version: readonly string[]
  /** Shared libraries that are loaded. */
  readonly needs: readonly string[]
  /** Where the paths of files begin. */
  readonly root: string
  readonly files: readonly {
    readonly path: string
    readonly sha256: string
    readonly mode: string
  }[]
}

export const manifestName = 'manifest.json'
export const sbomName = 'sbom.cdx.json'
/** The load_module lines of the package, in the order in which nginx can load them. */
export const loadModuleName = 'load_module.conf'

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

export const manifestFiles = (entries: readonly PackageEntry[]): Manifest['files'] =>
  entries.flatMap(({ path, mode, content }) =>
    content === null ? [] : [{ path, sha256: sha256Hex(content), mode: modeText(mode) }],
  )

/** In every package that we wrote, whatever its form. */
export const producerMark = '"producer": "sessctl build-nginx"'

const isFile = (value: unknown): value is { readonly path: string; readonly sha256: string } =>
  typeof value === 'object' && value !== null && 'path' in value && 'sha256' in value

/** sha256 by path of what an earlier manifest lists; null when it is none of ours. */
export const filesOfManifest = (value: unknown): ReadonlyMap<string, string> | null => {
  const isOurs =
    typeof value === 'object' &&
    value !== null &&
    'producer' in value &&
    value.producer === 'sessctl build-nginx' &&
    'files' in value &&
    Array.isArray(value.files)
  if (!isOurs) return null
  return new Map(
    (value.files as readonly unknown[]).filter(isFile).map(({ path, sha256 }) => [path, sha256]),
  )
}
