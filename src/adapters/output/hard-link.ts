import { lstatSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { IoError } from '../../errors.ts'

const othersRead = 0o004
const groupWrites = 0o020
const othersWrite = 0o002

/** Many systems give each user a group of the same number, and a umask of 002. */
const isSharedFolder = ({ mode, uid, gid }: Stats): boolean =>
  (mode & othersWrite) !== 0 || ((mode & groupWrites) !== 0 && gid !== uid)

/**
 * A hard link gives the content of a private file a second name in a folder that another user can write
 * to; not every system forbids that (fs.protected_hardlinks). A file that everybody can read is no
 * secret, and in a folder that only its owner can write to the owner made the link: copies of whole
 * trees by hard links are read.
 * @param status of the opened file.
 * @throws IoError when another user may have made the link.
 */
export const refuseHardLink = (file: string, status: Stats): void => {
  if (status.nlink < 2 || (status.mode & othersRead) !== 0) return
  const folder = lstatSync(dirname(file))
  const isOwners = folder.uid === status.uid
  if (isOwners && !isSharedFolder(folder)) return
  const why = isOwners
    ? 'other users can write to its folder'
    : `the file is owned by user ${status.uid}, its folder by user ${folder.uid}`
  throw new IoError(
    `${file} is not read: it is a hard link to a private file (${status.nlink} links), and ${why}`,
    { help: 'remove the link (the other name keeps the file), or replace it by a copy' },
  )
}
