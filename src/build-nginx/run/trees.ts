import { posix } from 'node:path'
import { BuildError } from '../../errors.ts'
import { type DigestedFile, sha256Hex, treeDigest } from '../core/digest.ts'
import type { Disk, Entry } from '../ports/build.ts'
import type { Fetched } from './sources/fetched.ts'

/** Which of the entries of a folder are its source. */
export type Wanted = (entries: readonly Entry[]) => (path: string) => boolean

/** A repository's own files. */
const isRepository = (path: string): boolean => /(^|\/)\.(git|hg|svn)(\/|$)|^\.hgtags$/.test(path)

/** What a build of nginx has left in its source. */
const isBuilt = (path: string): boolean => /^(objs|Makefile)(\/|$)/.test(path)

/** NDK has an `objs/` of its own: it is a build's only if configure has been there. */
const allOf: Wanted = (entries) => {
  const wasConfigured = entries.some(({ path }) =>
    /^objs\/(ngx_auto_config\.h|autoconf\.err)$/.test(path),
  )
  return (path) => !isRepository(path) && !(wasConfigured && isBuilt(path))
}

const nginxOnly: Wanted = () => (path) => !isRepository(path) && !isBuilt(path)

/** Of a folder: what git tracks of a module, or all but what is no source. */
export const wantedOf = ({ input, content }: Fetched): Wanted => {
  if (content.kind === 'folder' && content.files !== null) {
    const files = new Set(content.files)
    return () => (path) => files.has(path)
  }
  return input.kind === 'module' ? allOf : nginxOnly
}

/** Where a link leads, if that is below the folder: links are never followed. */
const isWithin = ({ path, target }: Entry): boolean =>
  target !== null &&
  !posix.isAbsolute(target) &&
  !posix.join(posix.dirname(path), target).startsWith('..')

/**
 * The files of a source folder. A link to a place in it is left out.
 * @throws BuildError for a link that leads out of it, and for a device or a pipe.
 */
export const sourceFiles = async (
  folder: string,
  disk: Disk,
  wanted: Wanted = allOf,
): Promise<readonly Entry[]> => {
  const all = await disk.list(folder)
  const isWanted = wanted(all)
  const entries = all.filter(({ path }) => isWanted(path))
  const strange = entries.find(
    (entry) => entry.kind === 'other' || (entry.kind === 'link' && !isWithin(entry)),
  )
  if (strange !== undefined) {
    throw new BuildError(
      strange.kind === 'link'
        ? `${folder}/${strange.path} is a symbolic link to ${strange.target}, which is outside of the source`
        : `${folder}/${strange.path} is not a regular file`,
      {
        help: 'replace it by a copy of its target: sources have only regular files and folders',
      },
    )
  }
  return entries.filter(({ kind }) => kind === 'file')
}

export const digestFiles = async (
  folder: string,
  disk: Disk,
  wanted?: Wanted,
): Promise<readonly DigestedFile[]> => {
  const files: DigestedFile[] = []
  for (const { path, isExecutable } of await sourceFiles(folder, disk, wanted))
    files.push({ path, isExecutable, sha256: sha256Hex(await disk.read(`${folder}/${path}`)) })
  return files
}

export const folderDigest = async (folder: string, disk: Disk, wanted: Wanted): Promise<string> =>
  treeDigest(await digestFiles(folder, disk, wanted))

/** One number for all that a folder holds, left out or not: what a run left is what is found later. */
export const contentDigest = async (folder: string, disk: Disk): Promise<string> => {
  const files: DigestedFile[] = []
  for (const { path, kind, isExecutable } of await disk.list(folder)) {
    const sha256 = kind === 'file' ? sha256Hex(await disk.read(`${folder}/${path}`)) : kind
    files.push({ path, isExecutable: kind === 'file' && isExecutable, sha256 })
  }
  return treeDigest(files)
}
