import { IoError } from '../errors.ts'
import { passwordEntries } from './password-file.ts'
import { partsOf } from './trusted-path.ts'

/** The user whose folder root is about to write into. */
export interface Owner {
  readonly uid: number
  /** The topmost folder, or the link, that is theirs. */
  readonly folder: string
}

/**
 * The one user besides root who owns a part of the path.
 * @returns null when there is none, or when this does not run as root.
 * @throws IoError when there are several: with the rights of one, this would act for the others.
 */
export const ownerOf = (path: string): Owner | null => {
  if (process.geteuid?.() !== 0) return null
  let owner: Owner | null = null
  for (const { path: at, status } of partsOf(path)) {
    const { uid } = status
    if (uid === 0) continue
    owner ??= { uid, folder: at }
    if (owner.uid !== uid)
      throw new IoError(
        `${path} is not used as root: ${owner.folder} is owned by user ${owner.uid}, and ${at} by user ${uid}`,
        { help: 'run sessctl as the owner of these files' },
      )
  }
  return owner
}

const nobody = 65_534

/** As the host says; who is not in its list gets no group of anybody's. */
const groupOf = (uid: number): number =>
  passwordEntries().find((entry) => entry.uid === uid)?.gid ?? nobody

/** What the system refuses to this user from now on cannot be reached by exchanging a folder. */
const become = ({ uid }: Owner): (() => void) => {
  const [gid, groups] = [process.getegid?.() ?? 0, process.getgroups?.() ?? []]
  const own = groupOf(uid)
  process.setgroups?.([own])
  process.setegid?.(own)
  process.seteuid?.(uid)
  return () => {
    process.seteuid?.(0)
    process.setegid?.(gid)
    process.setgroups?.(groups)
  }
}

/**
 * Does work on a path with the rights of the user to whom its folders belong, where root is about to
 * write into a folder of another user: by links and renames this user could lead root anywhere.
 */
export const asOwner = async <Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const owner = ownerOf(path)
  if (owner === null) return work()
  const back = become(owner)
  try {
    return await work()
  } finally {
    back()
  }
}
