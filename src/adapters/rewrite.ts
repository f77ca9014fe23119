import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { IoError } from '../errors.ts'
import { asOwner } from './as-owner.ts'
import { readRegular } from './read-regular.ts'

const permissionBits = 0o7777

/** The owner stays where this user may set it: root. */
const keepOwner = (staged: string, { uid, gid }: { uid: number; gid: number }): void => {
  const made = lstatSync(staged)
  if (made.uid !== uid || made.gid !== gid) chownSync(staged, uid, gid)
}

/**
 * Replaces the content of an existing file, whole or not at all. Mode and owner stay; the file that a
 * symbolic link names is replaced, not the link.
 * @throws IoError for a file that no longer has the content `before`, or that has several names.
 */
export const rewrite = async (
  path: string,
  before: Uint8Array,
  after: Uint8Array,
): Promise<void> => {
  const real = realpathSync(path)
  await asOwner(real, async () => {
    const status = statSync(real)
    if (status.nlink > 1)
      throw new IoError(`${path} has several hard links: it is not rewritten`, {
        help: 'edit it by hand',
      })
    const staged = join(dirname(real), `.sessctl-${randomBytes(6).toString('hex')}`)
    try {
      writeFileSync(staged, after, { flag: 'wx', mode: 0o600 })
      keepOwner(staged, status)
      chmodSync(staged, status.mode & permissionBits)
      const found = readRegular(real, 8 * 1024 * 1024)
      if (Buffer.compare(found, before) !== 0)
        throw new IoError(`${path} was changed while it was read: it is not rewritten`, {
          help: 'run the command again',
        })
      renameSync(staged, real)
    } catch (error) {
      rmSync(staged, { force: true })
      throw error
    }
  })
}
