import { folderOf, globMatches, hasWildcard, pathBelow } from '../glob.ts'
import { nginxIncludePatterns } from './files.ts'
import { readNginx } from './tree.ts'

/** Where files are read: a disk, or a commit. Paths are relative to the folder of the main file. */
export interface FileSource {
  /** Null: it is not there, or may not be read. */
  readonly read: (path: string) => Promise<Uint8Array | null>
  /** The names in a folder; none if it is not there, or may not be listed. */
  readonly list: (folder: string) => Promise<readonly string[]>
}

const mostFiles = 2000

/** The paths that a pattern names, part by part; every folder on the way is listed. */
const pathsOf = async (pattern: string, { list }: FileSource): Promise<readonly string[]> => {
  if (!hasWildcard(pattern)) return [pattern]
  const isAbsolute = pattern.startsWith('/')
  let paths: readonly string[] = [isAbsolute ? '/' : '']
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = []
    for (const path of paths) {
      const names = hasWildcard(part)
        ? (await list(path)).filter((name) => globMatches(part, name))
        : [part]
      next.push(...names.map((name) => (path === '' ? name : pathBelow(path, name))))
    }
    paths = next.slice(0, mostFiles)
  }
  return paths
}

/**
 * The files of a configuration, by their paths: the main file and those that it includes. Files that
 * cannot be read are left out.
 * @param main its name in its folder.
 * @returns null if the main file cannot be read.
 */
export const collectNginxFiles = async (
  main: string,
  source: FileSource,
): Promise<ReadonlyMap<string, Uint8Array> | null> => {
  const files = new Map<string, Uint8Array>()
  const tried = new Set<string>()
  const left = [main]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (tried.has(path) || files.size >= mostFiles) continue
    tried.add(path)
    const bytes = await source.read(path)
    if (bytes === null) continue
    files.set(path, bytes)
    for (const pattern of nginxIncludePatterns(main, readNginx(bytes)))
      left.push(...(await pathsOf(pattern, source)))
  }
  return files.has(main) ? files : null
}

/** The name of a file in its folder. */
export const fileNameOf = (path: string): string =>
  folderOf(path) === '' ? path : path.slice(path.lastIndexOf('/') + 1)
