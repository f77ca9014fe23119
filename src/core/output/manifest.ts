import { createHash } from 'node:crypto'
import type { Cluster } from '../model/cluster.ts'
import { needsOf } from '../needs/index.ts'
import type { Artifact } from '../render/artifact.ts'
import type { Spec } from '../spec/schema/index.ts'
import { type Manifest, type ManifestText, validateManifest } from './validate-manifest.ts'

/** The manifest is in the output folder and lists the artifacts, but not itself. */
export const manifestPath = 'manifest.json'

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Of a file that holds a secret: only its owner reads it. */
export const privateMode = 0o600

/** What a private file may keep when an operator has set it: its group reads it, others do not. */
export const isPrivateMode = (mode: number): boolean => (mode & 0o037) === 0

export const modeText = (mode: number): string => mode.toString(8).padStart(4, '0')

/** null when the text is not a manifest of sessctl. */
export const parseManifest = (text: string): Manifest | null => {
  try {
    const result = validateManifest(JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}

const versions = (cluster: Cluster): Record<string, string> => {
  const proxies = cluster.targets.map((target) => [
    target.dialect === 'nginx' ? target.flavor : target.dialect,
    target.version.text,
  ])
  const runtimes = cluster.upstreams.flatMap(({ name, app }) =>
    app.runtime === 'none' ? [] : [[`upstreams.${name}`, `${app.runtime} ${app.version.text}`]],
  )
  return Object.fromEntries([...proxies, ...runtimes])
}

/** Jars and packages that the application servers need in addition to the artifacts. */
const neededBy = (cluster: Cluster): Manifest['needs'] =>
  needsOf(cluster).map((need) =>
    need.kind === 'jar'
      ? {
          upstream: need.upstream,
          kind: need.kind,
          name: need.coordinates,
          file: need.file,
          sha256: need.sha256,
        }
      : { upstream: need.upstream, kind: need.kind, name: need.name, file: null, sha256: null },
  )

type Place = 'spec' | 'upstreams' | 'upstream' | 'servers' | 'elsewhere'

const below = (place: Place, key: string): Place => {
  if (place === 'spec') return key === 'upstreams' ? 'upstreams' : 'elsewhere'
  if (place === 'upstreams') return 'upstream'
  return place === 'upstream' && key === 'servers' ? 'servers' : 'elsewhere'
}

const canonical = (value: unknown, place: Place): unknown => {
  if (Array.isArray(value)) return value.map((item) => canonical(item, 'elsewhere'))
  if (typeof value !== 'object' || value === null) return value
  const inside = (key: string) => canonical(Reflect.get(value, key), below(place, key))
  const keys = Object.keys(value)
  // The order of servers is configuration; any other order of keys has no meaning.
  if (place === 'servers') return keys.map((key) => [key, inside(key)])
  const map: Record<string, unknown> = {}
  for (const key of keys.sort()) map[key] = inside(key)
  return map
}

/** JSON in which two specs of the same meaning are the same text. */
export const canonicalJson = (spec: unknown): string => JSON.stringify(canonical(spec, 'spec'))

interface Written {
  readonly spec: Spec
  readonly cluster: Cluster
  readonly artifacts: readonly Artifact[]
  readonly private: ReadonlySet<string>
}

/**
 * The manifest of the artifacts. The spec's sha256 is that of its meaning, keys in order: a comment
 * or the order of keys does not change it.
 */
export const manifestOf = (wanted: Written, kept: Manifest['artifacts']): string => {
  const { spec, cluster, artifacts } = wanted
  const needs = neededBy(cluster)
  const manifest: ManifestText = {
    formatVersion: 1,
    cluster: cluster.name,
    spec: { sha256: sha256Of(canonicalJson(spec)) },
    targets: versions(cluster),
    ...(needs.length === 0 ? {} : { needs }),
    artifacts: [
      ...artifacts.map(({ path, dialect, bytes }) => ({
        path,
        dialect,
        sha256: sha256Of(bytes),
        ...(wanted.private.has(path) ? { mode: modeText(privateMode) } : {}),
      })),
      ...kept,
    ],
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
