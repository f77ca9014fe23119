import { globMatches, hasWildcard, pathBelow } from './glob.ts'
import { readHttpdFiles } from './httpd/files.ts'
import { nginxIncludePatterns } from './nginx/files.ts'
import { readNginx } from './nginx/tree.ts'

/** Where files are read: a disk, or a commit. Paths are relative to the folder of the main file. */
export interface FileSource {
  /** Null: it is not there, is a folder, or may not be read. */
  readonly read: (path: string) => Promise<Uint8Array | null>
  /** The names in a folder; none if it is not there, or may not be listed. */
  readonly list: (folder: string) => Promise<readonly string[]>
}

/** A language of configurations that may have several files. */
export type ConfigLanguage = 'nginx' | 'haproxy' | 'httpd'

type Files = ReadonlyMap<string, Uint8Array>

const mostFiles = 2000

/**
 * The paths and patterns that the files read so far name. A variable of httpd may be defined in a file
 * that was read later than the `Include` that uses it, so its files are read as a whole.
 */
const patternsIn: Readonly<
  Record<ConfigLanguage, (main: string, files: Files, added: Files) => readonly string[]>
> = {
  nginx: (main, _files, added) =>
    [...added.values()].flatMap((bytes) => nginxIncludePatterns(main, readNginx(bytes))),
  // HAProxy includes nothing: services start it with `-f haproxy.cfg -f conf.d`.
  haproxy: () => ['conf.d/*.cfg'],
  httpd: (main, files) => readHttpdFiles(main, files).patterns,
}

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

/** Folders inside a folder that is included. */
const mostLevels = 10

/** The files at a path: that file, or in httpd all files below that folder. */
const readAt = async (
  path: string,
  language: ConfigLanguage,
  source: FileSource,
  tried: Set<string>,
  levels = mostLevels,
): Promise<Files> => {
  const found = new Map<string, Uint8Array>()
  if (tried.has(path) || tried.size > 2 * mostFiles) return found
  tried.add(path)
  const bytes = await source.read(path)
  if (bytes !== null) return found.set(path, bytes)
  if (language !== 'httpd' || levels === 0) return found
  for (const name of await source.list(path))
    for (const each of await readAt(pathBelow(path, name), language, source, tried, levels - 1))
      found.set(...each)
  return found
}

/**
 * The files of a configuration, by their paths: the main file and those that it includes. Files that
 * cannot be read are left out.
 * @param main its name in its folder.
 * @returns null if the main file cannot be read.
 */
export const collectConfigFiles = async (
  main: string,
  language: ConfigLanguage,
  source: FileSource,
): Promise<Files | null> => {
  const files = new Map<string, Uint8Array>()
  const tried = new Set<string>()
  const followed = new Set<string>()
  let added = await readAt(main, 'nginx', source, tried)
  while (added.size > 0 && files.size < mostFiles) {
    for (const each of added) files.set(...each)
    const next = new Map<string, Uint8Array>()
    for (const pattern of patternsIn[language](main, files, added)) {
      if (followed.has(pattern)) continue
      followed.add(pattern)
      for (const path of await pathsOf(pattern, source))
        for (const each of await readAt(path, language, source, tried))
          if (files.size + next.size < mostFiles) next.set(...each)
    }
    added = next
  }
  return files.has(main) ? files : null
}
