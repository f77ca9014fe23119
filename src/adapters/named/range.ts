import { dirname, resolve, sep } from 'node:path'
import { OutsideError, UsageError } from '../../errors.ts'
import { isOnOtherRoot, pathBelow, realPathOf } from './real-path.ts'
import { workTreeOf } from './work-tree.ts'

/** Whether a file lies where the spec does, or where the command line allows; else it is an OutsideError. */
export type Verdict = 'inside' | 'allowed'

/** Which files a spec may name. */
export interface Range {
  /** @throws OutsideError @param real where the path leads. */
  readonly judge: (path: string, real?: string) => Verdict
}

/** They show the state of this process and this host, even where a spec lies in `/`. */
const systemFolders = ['/proc', '/sys', '/dev']

const isOfSystem = (path: string): boolean =>
  systemFolders.some((folder) => pathBelow(folder, path) !== null)

const isInGit = (below: string): boolean =>
  below.split(sep).some((part) => part.toLowerCase() === '.git')

/** The folder, and the repository that holds it. */
const rootsOf = (folder: string): readonly string[] => {
  const real = realPathOf(folder)
  const top = workTreeOf(real)
  return top === null ? [real] : [top, real]
}

const allowedRoot = (path: string, folder: string, roots: readonly string[]): string => {
  const real = realPathOf(path)
  const isNamedInside = [...roots, folder].some((root) => pathBelow(root, path) !== null)
  const leadsOut = roots.every((root) => pathBelow(root, real) === null)
  if (isNamedInside && leadsOut)
    throw new UsageError(`--allow-outside ${path} leads out of the repository by a symbolic link`, {
      help: 'name the target of the link: anyone who can change the repository can change the link',
    })
  return real
}

/**
 * @param folder of the spec.
 * @param allowed what the command line allows beside it; absolute.
 * @throws UsageError for an allowed path that the repository itself decides.
 */
export const rangeOf = (folder: string, allowed: readonly string[]): Range => {
  const roots = rootsOf(folder)
  const others = allowed.map((path) => allowedRoot(path, folder, roots))
  const belowAny = (folders: readonly string[], real: string): readonly string[] =>
    folders.flatMap((root) => pathBelow(root, real) ?? [])
  return {
    judge: (path, known) => {
      if ([...roots, ...others].every((root) => isOnOtherRoot(root, path)))
        throw new OutsideError(path, 'outside')
      const real = known ?? realPathOf(path)
      const own = belowAny(
        roots.filter((root) => isOfSystem(root) || !isOfSystem(real)),
        real,
      )
      const [allowance] = belowAny(others, real).filter((below) => !isInGit(below))
      if (own.length > 0 && !own.some(isInGit)) return 'inside'
      if (allowance !== undefined) return 'allowed'
      if (own.length > 0) throw new OutsideError(path, 'git')
      const isNamedInside = [...roots, folder].some((root) => pathBelow(root, path) !== null)
      throw new OutsideError(
        path,
        isNamedInside || others.some((root) => pathBelow(root, path) !== null) ? 'link' : 'outside',
      )
    },
  }
}

/**
 * Refuses a spec that a symbolic link puts somewhere else than the repository in which it is named.
 * @param name how the user wrote its path.
 * @throws UsageError
 */
export const checkSpecPlace = (path: string, name: string): void => {
  const folder = dirname(path)
  const roots = rootsOf(folder)
  const real = realPathOf(path)
  const named = workTreeOf(resolve(folder))
  const isFolderOut = named !== null && pathBelow(realPathOf(named), realPathOf(folder)) === null
  const isIn = roots.some((root) => pathBelow(root, real) !== null)
  if (isIn && !isFolderOut) return
  throw new UsageError(`${name} leads out of its folder and repository by a symbolic link`, {
    help: /^\/(?:dev|proc)\//.test(path)
      ? 'write - to read standard input'
      : 'name the target of the link (shown by readlink -f)',
  })
}
