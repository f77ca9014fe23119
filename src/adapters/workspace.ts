import {
  chownSync,
  closeSync,
  constants,
  fchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { IoError } from '../errors.ts'
import type { Account, Workplace, Workspace } from '../ports.ts'
import { ioError } from './io-error.ts'
import { foreignOnWay } from './trusted-path.ts'
import { runnerFor } from './unprivileged.ts'

/** The mode of the new folder is of no use where somebody else can put another in its place. */
const checkAbove = (): void => {
  const found = foreignOnWay(tmpdir())
  if (found === null) return
  throw new IoError(
    `temporary files in ${tmpdir()} could be replaced by another user\n  ${found.path}: ${found.why}`,
    {
      help: 'set TMPDIR to a folder that no other user can write to, or to a sticky folder such as /tmp',
    },
  )
}

/** The path itself where there is nothing: who makes a folder there says so. */
const realpathOf = (folder: string): string => {
  try {
    return realpathSync(folder)
  } catch {
    return '/'
  }
}

const make = (): string => {
  try {
    checkAbove()
    return mkdtempSync(join(realpathSync(tmpdir()), 'sessctl-'))
  } catch (error) {
    throw ioError(
      'make a folder in',
      tmpdir(),
      error,
      'set TMPDIR to a folder that can be written to',
    )
  }
}

/** Not through a link: who owns the folder may have put one there. */
const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants
const afresh = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW

const makeFolders = (base: string, path: string, account: Account | null): void => {
  let folder = base
  for (const part of path.split('/').filter((one) => one !== '' && one !== '.')) {
    folder = join(folder, part)
    const found = lstatSync(folder, { throwIfNoEntry: false })
    if (found?.isDirectory()) continue
    if (found?.isSymbolicLink())
      throw new IoError(`cannot create ${folder}: a symbolic link has its name`)
    mkdirSync(folder)
    if (account !== null) chownSync(folder, account.uid, account.gid)
  }
}

const writeFor = (file: string, content: string | Uint8Array, account: Account | null): void => {
  const descriptor = openSync(file, afresh, 0o600)
  try {
    if (account !== null) fchownSync(descriptor, account.uid, account.gid)
    writeFileSync(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
}

const workplaceIn = (folder: string, account: Account | null): Workplace => {
  const inFolder = (path: string): string => join(folder, ...path.split('/'))
  return {
    folder,
    isRoot: process.getuid?.() === 0 && account === null,
    write: async (path, content) => {
      const file = inFolder(path)
      try {
        makeFolders(folder, dirname(path), account)
        writeFor(file, content, account)
      } catch (error) {
        throw ioError('write', file, error)
      }
    },
    makeFolder: async (path) => {
      try {
        makeFolders(folder, path, account)
      } catch (error) {
        throw ioError('make', inFolder(path), error)
      }
    },
  }
}

/** Folders below the system's temporary one; mkdtemp makes them with mode 0700. */
export const workspaceOnDisk: Workspace = {
  runner: (files, user) => runnerFor([...files, realpathOf(tmpdir())], user),
  within: async (work, account = null) => {
    const folder = make()
    try {
      if (account !== null) chownSync(folder, account.uid, account.gid)
      return await work(workplaceIn(folder, account))
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}
