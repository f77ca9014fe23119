import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { asOwner } from '../../adapters/as-owner.ts'
import { makeFolders } from '../../adapters/folders.ts'
import { ioError } from '../../adapters/io-error.ts'
import { readRegular } from '../../adapters/read-regular.ts'
import { requireOurs } from '../../adapters/trusted-path.ts'
import { writeWhole } from '../../adapters/write-whole.ts'
import type { Disk, Entry } from '../ports/build.ts'
import { exclusively } from './exclusively.ts'
import { publish } from './publish.ts'
import { setUsualModes, usualMode } from './usual-modes.ts'

const isMissing = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Says what was tried when the file system says no. */
const trying = <Result>(doing: string, path: string, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw ioError(doing, path, error)
  }
}

const entryOf = (top: string, path: string): Entry => {
  const status = lstatSync(path)
  const kind = status.isFile()
    ? 'file'
    : status.isDirectory()
      ? 'folder'
      : status.isSymbolicLink()
        ? 'link'
        : 'other'
  return {
    path: relative(top, path).split(sep).join('/'),
    kind,
    size: status.size,
    isExecutable: (status.mode & 0o111) !== 0,
    target: kind === 'link' ? readlinkSync(path) : null,
  }
}

/** Whatever the locale: by the code units of the names. */
const byPath = (a: Entry, b: Entry): number => (a.path < b.path ? -1 : 1)

/** More than any archive of sources or package. */
const mostBytes = 2 * 1024 * 1024 * 1024

/** Replaces a file as a whole, so that nobody reads half of it, and a running program keeps its own. */
const copyFile = (from: string, to: string): void => {
  const staged = join(dirname(to), `.sessctl-${randomBytes(6).toString('hex')}`)
  const mode = usualMode(statSync(from).mode)
  // Not copyFile, which copies setuid bits as well, if only for a moment.
  writeFileSync(staged, readRegular(from, mostBytes), { flag: 'wx', mode })
  chmodSync(staged, mode)
  renameSync(staged, to)
}

const mostDepth = 1000

/** Never to change owner and rights: who could write to it may have written. */
const notOurs = (folder: string): string =>
  `remove it (rm -r ${folder}), or set a folder that no other user can write to with --cache`

/** The file system of this host. */
export const diskOnHost = (signal: AbortSignal): Disk => ({
  read: async (path) => trying('read', path, () => readRegular(path, mostBytes)),
  readIfThere: async (path, most = mostBytes) => {
    try {
      return readRegular(path, most)
    } catch (error) {
      if (isMissing(error)) return null
      throw ioError('read', path, error)
    }
  },
  kind: async (path) => {
    try {
      const status = statSync(path)
      return status.isFile() ? 'file' : status.isDirectory() ? 'folder' : 'other'
    } catch (error) {
      if (isMissing(error)) return null
      throw ioError('look at', path, error)
    }
  },
  write: async (path, content, isExecutable = false) =>
    asOwner(path, async () =>
      trying('write', path, () => {
        makeFolders(dirname(path), 0o755)
        writeWhole(path, content, isExecutable ? 0o755 : 0o644)
      }),
    ),
  list: async (folder) =>
    trying('read', folder, () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .map((entry) => entryOf(folder, join(entry.parentPath, entry.name)))
        .sort(byPath),
    ),
  copy: async (from, to) =>
    trying('copy to', to, () => {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      if (statSync(from).isFile()) copyFile(from, to)
      // Times are kept: make(1) must see nothing newer than it was.
      else {
        cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
        setUsualModes(to)
      }
    }),
  move: async (from, to) =>
    trying('move to', to, () => {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      const aside = join(dirname(to), `.sessctl-${randomBytes(6).toString('hex')}-${basename(to)}`)
      const isThere = lstatSync(to, { throwIfNoEntry: false }) !== undefined
      if (isThere) renameSync(to, aside)
      renameSync(from, to)
      if (isThere) rmSync(aside, { recursive: true, force: true })
    }),
  remove: async (path) =>
    trying('remove', path, () => rmSync(path, { recursive: true, force: true, maxRetries: 5 })),
  symlink: async (target, path) => trying('create', path, () => symlinkSync(target, path)),
  makeFolder: async (path) => trying('create', path, () => void makeFolders(path, 0o700)),
  secure: async (folder) => {
    process.umask(process.umask() | 0o022)
    try {
      makeFolders(folder, 0o700)
    } catch (error) {
      throw ioError('create', folder, error, 'set another folder with --cache')
    }
    trying('look at', folder, () => requireOurs(folder, 2, notOurs(folder)))
  },
  requireOurs: async (folder) =>
    trying('look at', folder, () => requireOurs(folder, mostDepth, notOurs(folder))),
  publish: async (path, content, seconds) =>
    asOwner(path, async () => trying('write', path, () => publish(path, content, seconds))),
  exclusively: (path, work) => exclusively(path, work, signal),
})
