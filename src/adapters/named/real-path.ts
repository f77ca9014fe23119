import { fstatSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { IoError } from '../../errors.ts'

/** More links than any system follows. */
const linkLimit = 40

const linkTarget = (path: string): string | null => {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

/**
 * Where a path leads: without symbolic links, also where the file is missing or may not be looked at,
 * so that the answer does not depend on whether it exists.
 */
export const realPathOf = (path: string, links = linkLimit): string => {
  try {
    return realpathSync.native(path)
  } catch {
    const target = linkTarget(path)
    if (target !== null && links > 0) return realPathOf(resolve(dirname(path), target), links - 1)
    const parent = dirname(path)
    return parent === path ? path : join(realPathOf(parent, links), basename(path))
  }
}

/** The path below the folder, or null; '' is the folder itself. */
export const pathBelow = (folder: string, path: string): string | null => {
  const below = relative(folder, path)
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? null : below
}

/** On Windows another drive or share: looking at a share would log in there. */
export const isOnOtherRoot = (folder: string, path: string): boolean =>
  parse(folder).root.toLowerCase() !== parse(path).root.toLowerCase()

/**
 * Where the file is that a descriptor has open, whatever stands at its path by now.
 * @throws IoError when that cannot be told.
 */
export const openedPath = (descriptor: number, path: string): string => {
  const linked = linkTarget(`/proc/self/fd/${descriptor}`)
  if (linked !== null) return linked
  const real = realPathOf(path)
  const [opened, named] = [
    fstatSync(descriptor, { bigint: true }),
    lstatSync(real, { bigint: true, throwIfNoEntry: false }),
  ]
  if (named?.dev === opened.dev && named.ino === opened.ino) return real
  throw new IoError(`cannot read ${path}: it was replaced while it was read`, { help: 'try again' })
}
