import type { FilePatch, Patch, PatchProblem } from './patch.ts'

/** Whether the tree has a file; paths are written with `/` and relative to its top. */
export type HasFile = (path: string) => boolean

const deepest = 8

/** patch(1)'s -p: that many leading parts go. Null when nothing is left, or it would lead out of the tree. */
export const stripped = (path: string, level: number): string | null => {
  const parts = path.split('/').filter((part, index) => part !== '' || index === 0)
  const rest = parts.slice(level)
  const isOutside = rest.some((part) => part === '..' || part === '' || part === '.')
  // A backslash or a control character is in no source tree, but in an attack on one.
  return rest.length === 0 || isOutside || /[\\\p{Cc}]/u.test(path) ? null : rest.join('/')
}

/**
 * Which file of the tree a part of a patch means. Of two names the one that is there counts:
 * `x.c.orig` and `x.c`, say.
 */
export const targetOf = (file: FilePatch, level: number, has: HasFile): string | null => {
  const [oldPath, newPath] = [file.oldPath, file.newPath].map((path) =>
    path === null ? null : stripped(path, level),
  )
  if (file.oldPath === null) return newPath ?? null
  if (newPath != null && has(newPath)) return newPath
  return oldPath != null && has(oldPath) ? oldPath : null
}

const pathsOf = ({ files }: Patch): readonly string[] =>
  files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]).filter((path) => path !== null)

/** A path that no level makes safe. */
const leadingOut = (patch: Patch): string | undefined =>
  pathsOf(patch).find(
    (path) => path.startsWith('/') || path.split('/').includes('..') || /[\\\p{Cc}]/u.test(path),
  )

const isLevel = (patch: Patch, level: number, has: HasFile, isSaid: boolean): boolean =>
  patch.files.every((file) => targetOf(file, level, has) !== null) &&
  // New files alone are everywhere at home: then the usual a/ and b/ decide.
  (isSaid ||
    patch.files.some(({ oldPath }) => oldPath !== null) ||
    level === (patch.files.every(({ newPath }) => newPath?.startsWith('b/')) ? 1 : 0))

/**
 * The -p level at which every file is there.
 * @param wanted what somebody said it is; null finds it.
 */
export const detectLevel = (
  patch: Patch,
  has: HasFile,
  wanted: number | null,
): { readonly level: number } | PatchProblem => {
  const outside = leadingOut(patch)
  if (outside !== undefined) {
    return { line: null, message: `names a file outside of the tree: ${outside}`, help: null }
  }
  const levels = wanted === null ? Array.from({ length: deepest }, (_, level) => level) : [wanted]
  const level = levels.find((candidate) => isLevel(patch, candidate, has, wanted !== null))
  if (level !== undefined) return { level }
  const [first = 'nothing'] = patch.files
    .filter((file) => levels.every((candidate) => targetOf(file, candidate, has) === null))
    .map(({ oldPath, newPath }) => newPath ?? oldPath ?? '')
  return {
    line: null,
    message:
      wanted === null
        ? `changes files that are not in this tree at any -p level: ${first}`
        : `changes files that are not in this tree with -p${wanted}: ${first}`,
    help: 'use a patch for this program and this release',
  }
}
