/** A file or a folder of a package; folders stand before what is in them. */
export interface PackageEntry {
  /** Without `/` at its beginning and its end. */
  readonly path: string
  readonly mode: number
  /** Null: a folder. */
  readonly content: Uint8Array | null
}

export const fileMode = (isExecutable: boolean): number => (isExecutable ? 0o755 : 0o644)
export const modeText = (mode: number): string => mode.toString(8).padStart(4, '0')

const byPath = (a: PackageEntry, b: PackageEntry): number => (a.path < b.path ? -1 : 1)

/** In the order of their names, with every folder on the way, each once. */
export const withFolders = (entries: readonly PackageEntry[]): readonly PackageEntry[] => {
  const all = new Map<string, PackageEntry>()
  for (const entry of entries) {
    const parts = entry.path.split('/')
    for (let length = 1; length < parts.length; length++) {
      const path = parts.slice(0, length).join('/')
      if (!all.has(path)) all.set(path, { path, mode: 0o755, content: null })
    }
    all.set(entry.path, entry)
  }
  return [...all.values()].sort(byPath)
}

export const below = (
  folder: string,
  entries: readonly PackageEntry[],
): readonly PackageEntry[] => {
  const top = folder.replace(/^\/+|\/+$/g, '')
  return top === '' ? entries : entries.map((one) => ({ ...one, path: `${top}/${one.path}` }))
}

/** A path that would be two lines, or another name, in the lists of a package. */
export const oddPath = (entries: readonly PackageEntry[]): string | undefined =>
  entries.find(({ path }) => /[\\\p{Cc}]/u.test(path) || path.split('/').includes('..'))?.path
