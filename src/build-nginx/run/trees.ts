import { BuildError } from '../../errors.ts'
import { type DigestedFile, sha256Hex, treeDigest } from '../core/digest.ts'
import type { Disk, Entry } from '../ports/build.ts'

/** What is no source: another build's objects, a repository's own files. */
const isLeftOut = (path: string): boolean =>
  /(^|\/)\.(git|hg|svn)(\/|$)|^\.hgtags$/.test(path) || /^(objs|Makefile)(\/|$)/.test(path)

/** The files of a source folder. @throws BuildError for a link: it could lead anywhere. */
export const sourceFiles = async (
  folder: string,
  disk: Disk,
  isWanted = (path: string): boolean => !isLeftOut(path),
): Promise<readonly Entry[]> => {
  const entries = (await disk.list(folder)).filter(({ path }) => isWanted(path))
  const strange = entries.find(({ kind }) => kind === 'link' || kind === 'other')
  if (strange !== undefined) {
    throw new BuildError(
      `${folder}/${strange.path} is ${strange.kind === 'link' ? 'a symbolic link' : 'not a regular file'}`,
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
  isWanted?: (path: string) => boolean,
): Promise<readonly DigestedFile[]> => {
  const files: DigestedFile[] = []
  for (const { path, isExecutable } of await sourceFiles(folder, disk, isWanted))
    files.push({ path, isExecutable, sha256: sha256Hex(await disk.read(`${folder}/${path}`)) })
  return files
}

export const folderDigest = async (folder: string, disk: Disk): Promise<string> =>
  treeDigest(await digestFiles(folder, disk))

/** One number for all that a folder holds, left out or not: what a run left is what is found later. */
export const contentDigest = async (folder: string, disk: Disk): Promise<string> => {
  const files: DigestedFile[] = []
  for (const { path, kind, isExecutable } of await disk.list(folder)) {
    const sha256 = kind === 'file' ? sha256Hex(await disk.read(`${folder}/${path}`)) : kind
    files.push({ path, isExecutable: kind === 'file' && isExecutable, sha256 })
  }
  return treeDigest(files)
}
