import type { DialectName } from '../dialects/dialect.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Artifact } from '../render/artifact.ts'
import type { Spec } from '../spec/schema/index.ts'
import { isPrivateMode, manifestOf, manifestPath, parseManifest, sha256Of } from './manifest.ts'
import type { Manifest } from './validate-manifest.ts'

/** The present content of the output folder, as far as this run is concerned. */
export interface Found {
  /** null: there is none. */
  readonly manifestText: string | null
  /** Bytes of those requested files that exist, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Their permission bits; empty where the file system has none. */
  readonly modes: ReadonlyMap<string, number>
  /** Paths that an interrupted run was about to write: they belong to sessctl, whatever their content. */
  readonly interrupted: readonly string[]
}

export type Action = 'create' | 'update' | 'unchanged' | 'remove'

export interface Change {
  readonly path: string
  readonly action: Action
  /** The new content; null when the file is removed. */
  readonly after: Uint8Array | null
  /** The present content; null when there is no file. */
  readonly before: Uint8Array | null
  /** sessctl wrote the file, and it was edited since. */
  readonly isEdited: boolean
  /** The dialect of a file that holds a secret, which only its owner and group may read; null: no secret. */
  readonly privateFor: DialectName | null
  /** The permission bits of the existing file, if they let other users read a secret; else null. */
  readonly openMode: number | null
}

export interface WritePlan {
  /** Artifacts in their order, then removed files, then the manifest. */
  readonly changes: readonly Change[]
  /** Files in the way that sessctl did not write: nothing may be written then. */
  readonly foreign: readonly string[]
  /** What the previous run wrote; null: there was none. */
  readonly previous: Manifest | null
}

export interface Wanted {
  readonly spec: Spec
  readonly cluster: Cluster
  readonly artifacts: readonly Artifact[]
  /** Paths of the artifacts that hold a secret. */
  readonly private: ReadonlySet<string>
  /** null: all dialects were rendered; otherwise the files of the other dialects are kept. */
  readonly only: ReadonlySet<DialectName> | null
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0

/** The manifest of the previous run; null when there is none or it is not a manifest of sessctl. */
export const ownedBefore = (found: Pick<Found, 'manifestText'>): Manifest | null =>
  found.manifestText === null ? null : parseManifest(found.manifestText)

/** The files whose state a plan needs to know: the wanted ones, and those of the previous run. */
export const concernedPaths = (
  artifacts: readonly Artifact[],
  manifestText: string | null,
): readonly string[] => {
  const owned = ownedBefore({ manifestText })?.artifacts.map(({ path }) => path) ?? []
  return [...new Set([...artifacts.map(({ path }) => path), ...owned, manifestPath])]
}

const changeOf = (
  path: string,
  after: Uint8Array,
  found: Found,
  known: ReadonlyMap<string, string>,
  privateFor: DialectName | null,
): Change => {
  const before = found.files.get(path) ?? null
  const mode = found.modes.get(path)
  const openMode = privateFor === null || mode === undefined || isPrivateMode(mode) ? null : mode
  const isSame = before !== null && equal(before, after) && openMode === null
  const action = before === null ? 'create' : isSame ? 'unchanged' : 'update'
  const written = known.get(path)
  const isEdited =
    action === 'update' && before !== null && written !== undefined && written !== sha256Of(before)
  return { path, action, before, after, isEdited, privateFor, openMode }
}

const removalOf = (path: string, sha256: string, found: Found): readonly Change[] => {
  const before = found.files.get(path)
  return before === undefined
    ? []
    : [
        {
          path,
          action: 'remove',
          before,
          after: null,
          isEdited: sha256Of(before) !== sha256,
          privateFor: null,
          openMode: null,
        },
      ]
}

/** The changes after which the folder has exactly the wanted artifacts, and all foreign files as before. */
export const planWrite = (wanted: Wanted, found: Found): WritePlan => {
  const { only } = wanted
  const previous = ownedBefore(found)
  const before = previous?.artifacts ?? []
  const known = new Map(before.map(({ path, sha256 }) => [path, sha256]))
  const own = new Set([...known.keys(), ...found.interrupted, manifestPath])
  const paths = new Set(wanted.artifacts.map(({ path }) => path))
  const isOther = ({ dialect }: { dialect: string }) =>
    only !== null && !(only as ReadonlySet<string>).has(dialect)
  const kept = before.filter((artifact) => isOther(artifact) && !paths.has(artifact.path))
  const written = wanted.artifacts.map(({ path, bytes, dialect }) =>
    changeOf(path, bytes, found, known, wanted.private.has(path) ? dialect : null),
  )
  const stale = before.filter((artifact) => !isOther(artifact) && !paths.has(artifact.path))
  const removed = stale.flatMap(({ path, sha256 }) => removalOf(path, sha256, found))
  const manifest = new TextEncoder().encode(manifestOf(wanted, kept))
  return {
    changes: [...written, ...removed, changeOf(manifestPath, manifest, found, known, null)],
    foreign: written
      .filter(({ path, action }) => action === 'update' && !own.has(path))
      .map(({ path }) => path),
    previous,
  }
}

/** Whether writing would change anything. */
export const hasDrift = ({ changes }: WritePlan): boolean =>
  changes.some(({ action }) => action !== 'unchanged')
