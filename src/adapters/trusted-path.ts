import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { IoError } from '../errors.ts'

/** What another user may change, and why. */
export interface Foreign {
  readonly path: string
  readonly why: string
  /** Its user id. */
  readonly owner: number
}

const octal = (mode: number): string => `0${(mode & 0o7777).toString(8).padStart(3, '0')}`

const ownedBy = (path: string, { uid }: Stats): Foreign => ({
  path,
  owner: uid,
  why: `it is owned by user ${uid}, and sessctl runs as user ${process.getuid?.() ?? 'unknown'}`,
})

const writable = (path: string, { mode, uid }: Stats): Foreign => {
  const who = (mode & 0o002) === 0 ? 'its group' : (mode & 0o020) === 0 ? 'others' : 'everybody'
  return { path, owner: uid, why: `it is writable by ${who} (mode ${octal(mode)})` }
}

/** Many systems give each user a group of the same number, and a umask of 002. */
const isPrivateGroup = ({ gid, mode }: Stats, us: number): boolean =>
  us !== 0 && gid === us && (mode & 0o002) === 0

/** On the way to something: root may change it anyway, and a sticky folder protects what is in it. */
const onWay = (path: string, status: Stats, us: number): Foreign | null => {
  if (status.uid !== 0 && status.uid !== us) return ownedBy(path, status)
  const isSticky = status.isDirectory() && (status.mode & 0o1000) !== 0
  if ((status.mode & 0o022) === 0 || isSticky || isPrivateGroup(status, us)) return null
  return writable(path, status)
}

const ours = (path: string, status: Stats, us: number): Foreign | null => {
  if (status.uid !== us) return ownedBy(path, status)
  return status.isSymbolicLink() || (status.mode & 0o022) === 0 ? null : writable(path, status)
}

const mostLinks = 40

/** A part of a path that is there, as lstat sees it. */
interface Part {
  readonly path: string
  readonly status: Stats
}

/** Null where nothing is, or where we may not look: whatever is done there fails, and says why. */
const lookAt = (path: string): Stats | null => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR' || code === 'EACCES') return null
    throw error
  }
}

/** Walks a path from the root as the system does, through symbolic links, as far as it is there. */
export function* partsOf(path: string): Generator<Part> {
  const rest = ['/', ...resolve(path).split('/').filter(Boolean)]
  let at = ''
  let links = 0
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const next = part === '/' ? part : join(at, part)
    const status = lookAt(next)
    if (status === null) return
    yield { path: next, status }
    if (!status.isSymbolicLink()) {
      at = next
      continue
    }
    links += 1
    if (links > mostLinks) throw new IoError(`${path} cannot be followed: too many symbolic links`)
    const target = readlinkSync(next)
    rest.unshift(...(target.startsWith('/') ? ['/'] : []), ...target.split('/').filter(Boolean))
  }
}

/**
 * Where nothing is found, nobody but root and we can exchange a part of the path later.
 * @returns the first part that another user may change; null where the system has no such users.
 */
export const foreignOnWay = (path: string): Foreign | null => {
  const us = process.getuid?.()
  if (us === undefined) return null
  for (const part of partsOf(path)) {
    const { status } = part
    const isLink = status.isSymbolicLink()
    // The mode of a link says nothing.
    if (isLink && (status.uid === 0 || status.uid === us)) continue
    const found = isLink ? ownedBy(part.path, status) : onWay(part.path, status, us)
    if (found !== null) return found
  }
  return null
}

/** Of one entry, whatever leads to it: a link counts as itself. Null where nothing is there. */
export const foreignItself = (path: string): Foreign | null => {
  const us = process.getuid?.()
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (us === undefined || status === undefined) return null
  if (status.uid !== 0 && status.uid !== us) return ownedBy(path, status)
  return status.isSymbolicLink() || (status.mode & 0o022) === 0 ? null : writable(path, status)
}

/** Another run that uses the same cache may have removed it meanwhile. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** The first entry below a folder, or the folder itself, that is not ours alone. */
const foreignBelow = (path: string, depth: number, us: number): Foreign | null => {
  const status = lstatSync(path, { throwIfNoEntry: false })
  const found = status === undefined ? null : ours(path, status, us)
  if (found !== null || depth === 0 || status?.isDirectory() !== true) return found
  for (const name of namesIn(path)) {
    const below = foreignBelow(join(path, name), depth - 1, us)
    if (below !== null) return below
  }
  return null
}

/**
 * @param depth how many levels of folders below are looked into.
 * @throws IoError when another user owns, or may change, the folder, what leads to it or what it holds.
 */
export const requireOurs = (folder: string, depth: number, help: string): void => {
  const us = process.getuid?.()
  if (us === undefined) return
  const found = foreignOnWay(folder) ?? foreignBelow(realpathSync(folder), depth, us)
  if (found === null) return
  throw new IoError(
    `${folder} is not used: another user could change it\n  ${found.path}: ${found.why}`,
    {
      help,
    },
  )
}
