import { sha256Of } from '../output/manifest.ts'
import { type Compilation, compile, resolveSpec } from '../pipeline.ts'
import { secretKeys } from '../secrets/keys.ts'
import type { Spec } from '../spec/schema/index.ts'

/** Maps whose keys are names that the user chose: a server may be called `password`. */
const nameMaps: readonly string[] = ['frontends', 'upstreams', 'servers', 'stores', 'headers']

type Replace = (secret: string | object) => string | object

/** The value with every secret replaced; a part without secrets stays the same object. */
const replaced = (value: unknown, key: string, isName: boolean, replace: Replace): unknown => {
  const isSecret = !isName && (secretKeys as readonly string[]).includes(key)
  if (isSecret && (typeof value === 'string' || (typeof value === 'object' && value !== null)))
    return replace(value)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([name, below]) => [name, replaced(below, name, nameMaps.includes(key), replace)] as const,
  )
  if (entries.every(([name, below]) => below === Reflect.get(value, name))) return value
  return Array.isArray(value) ? entries.map(([, below]) => below) : Object.fromEntries(entries)
}

/** The literal secrets of a spec, each once. */
export const literalSecrets = (spec: Spec): readonly string[] => {
  const found = new Set<string>()
  replaced(spec, '', false, (secret) => {
    if (typeof secret === 'string') found.add(secret)
    return secret
  })
  return [...found]
}

/** Letters and digits that need no quotes in any file, and are also valid as an encryption key. */
const markerFor = (index: number, length: number, text: string): string => {
  for (let attempt = 0; ; attempt++) {
    const digits = sha256Of(`sessctl marker ${index} ${attempt}`)
    const marker = `e${digits.repeat(Math.ceil(length / digits.length))}`.slice(0, length)
    if (!text.includes(marker)) return marker
  }
}

export interface MarkedSpec {
  readonly spec: Spec
  readonly markers: readonly string[]
}

const shortest = 32

/**
 * The spec with a marker in the place of each secret, equal ones for equal secrets.
 * @param text the text of the spec, which must contain no marker.
 * @param which only literal secrets, or also those that the spec only refers to.
 */
export const markSecrets = (spec: Spec, text: string, which: 'literal' | 'all'): MarkedSpec => {
  const markers = new Map<string, string>()
  const replace: Replace = (secret) => {
    if (typeof secret !== 'string' && which === 'literal') return secret
    const key = JSON.stringify(secret)
    const length = typeof secret === 'string' ? Math.max(shortest, secret.length) : shortest
    const marker = markers.get(key) ?? markerFor(markers.size, length, text)
    markers.set(key, marker)
    return marker
  }
  // Secrets and markers are both text: the result is still a spec.
  const marked = replaced(spec, '', false, replace) as Spec
  return { spec: marked, markers: [...markers.values()] }
}

/** The texts of the artifacts with markers instead of secrets, by path; empty where that cannot be rendered. */
export interface MarkedTexts {
  readonly texts: ReadonlyMap<string, string>
  readonly markers: readonly string[]
}

/** Renders the same spec with markers, to find the places of secrets in the artifacts, however they are escaped. */
export const renderMarked = (compilation: Compilation, which: 'literal' | 'all'): MarkedTexts => {
  const none = { texts: new Map<string, string>(), markers: [] }
  const { source, spec, installed, files, only } = compilation
  if (spec === null) return none
  const marked = markSecrets(spec, source.text, which)
  if (marked.markers.length === 0) return none
  const read = { ...compilation, spec: marked.spec, diagnostics: [] }
  const { artifacts } = compile(resolveSpec(read, installed), files, only)
  return {
    texts: new Map(artifacts.map(({ path, text }) => [path, text])),
    markers: marked.markers,
  }
}
