import { fstatSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { IoError } from '../../errors.ts'
import { ioError } from '../io-error.ts'
import { readRegular } from '../read-regular.ts'
import { refuseHardLink } from './hard-link.ts'

const mostBytes = 8 * 1024 * 1024

const notOurs = (place: string, what: string): IoError =>
  new IoError(`${place} is ${what}`, { help: 'move it, or set another --output' })

/**
 * Where a path below an output folder leads without a symbolic link: links lead to files that the
 * one who reads the output may not see, or to files that are not ours to change.
 * @param path with `/`, without `..`.
 * @returns null when nothing is there.
 * @throws IoError when a part of the path is not a folder, or the file is not a plain one.
 */
export const ownFile = (root: string, path: string): string | null => {
  const parts = path.split('/')
  let place = root
  for (const [index, part] of parts.entries()) {
    place = join(place, part)
    const status = lstatSync(place, { throwIfNoEntry: false })
    if (status === undefined) return null
    if (status.isSymbolicLink()) throw notOurs(place, 'a symbolic link, which is not followed')
    const isLast = index === parts.length - 1
    if (!isLast && !status.isDirectory()) throw notOurs(place, 'not a folder')
    if (isLast && !status.isFile()) throw notOurs(place, 'not a plain file')
  }
  return place
}

/** The permission bits of a file of ours; null when nothing is there, or the system has none. */
export const modeOfOwn = (root: string, path: string): number | null => {
  if (process.platform === 'win32') return null
  const file = ownFile(root, path)
  const status = file === null ? undefined : lstatSync(file, { throwIfNoEntry: false })
  return status === undefined ? null : status.mode & 0o777
}

/** The bytes of a file of ours; null when nothing is there. @throws IoError as `ownFile` does. */
export const readOwn = (root: string, path: string): Uint8Array | null => {
  try {
    const file = ownFile(root, path)
    if (file === null) return null
    return readRegular(file, mostBytes, false, (descriptor) =>
      refuseHardLink(file, fstatSync(descriptor)),
    )
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The output folder itself is a file, or has just gone.
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw ioError('read', join(root, path), error)
  }
}
