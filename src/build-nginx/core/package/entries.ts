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

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** nginx 1.0.0: for sources that do not say when they came out. */
export const firstRelease = 1_302_566_400

/** Seconds since 1970 of a release, by the list of changes that it brings; null without one. */
export const releaseDate = (changes: string, release: string): number | null => {
  const version = release.replaceAll('.', '\\.')
  const [, day, month = '', year] =
    new RegExp(`^Changes with nginx ${version} +(\\d{1,2}) (\\w{3}) (\\d{4})$`, 'm').exec(
      changes,
    ) ?? []
  if (months.includes(month))
    return Date.UTC(Number(year), months.indexOf(month), Number(day)) / 1000
  const [, date] =
    new RegExp(`<changes ver="${version}" date="(\\d{4}-\\d{2}-\\d{2})"`).exec(changes) ?? []
  return date === undefined ? null : Date.parse(`${date}T00:00:00Z`) / 1000
}
