import {
  type BigIntStats,
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { ioError } from '../../adapters/io-error.ts'
import { passwordEntries } from '../../adapters/password-file.ts'
import { foreignItself, foreignOnWay } from '../../adapters/trusted-path.ts'
import type { Attributes, Durable } from '../ports/upgrade.ts'
import { claim } from './exclusively.ts'

const trying = <Result>(doing: string, path: string, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw ioError(doing, path, error)
  }
}

/** A folder too: its names are on the disk afterwards. */
const sync = (path: string): void => {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const renameNow = (from: string, to: string): void => {
  renameSync(from, to)
  sync(dirname(to))
}

const factsOf = (path: string): BigIntStats | null =>
  lstatSync(path, { throwIfNoEntry: false, bigint: true }) ?? null

/** Neither a rename nor a second name changes it; device numbers may change at each start. */
export const identityOf = ({ ino, size, mtimeNs }: BigIntStats): string =>
  `${ino}:${size}:${mtimeNs}`

/** One name for all drafts of a file: one that is left by a crash is written over. */
const writeWhole = (path: string, text: string): void => {
  const draft = `${path}.draft`
  try {
    rmSync(draft, { force: true })
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true })
    renameNow(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

const copyWhole = (from: string, to: string, like: string | null): void => {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
  rmSync(to, { force: true })
  copyFileSync(from, to)
  const model = like === null ? null : factsOf(like)
  if (model !== null && process.getuid?.() === 0)
    chownSync(to, Number(model.uid), Number(model.gid))
  const usual = (statSync(from).mode & 0o111) === 0 ? 0o644 : 0o755
  // Never setuid: it was given to another file.
  chmodSync(to, model === null ? usual : Number(model.mode) & 0o755)
  sync(to)
  sync(dirname(to))
}

const linkAs = (from: string, to: string): void => {
  if (factsOf(to)?.ino === factsOf(from)?.ino) return
  rmSync(to, { force: true })
  linkSync(from, to)
  sync(dirname(to))
}

const attributesOf = (path: string): Attributes | null => {
  const facts = factsOf(path)
  if (facts === null) return null
  // Not size and time: those of a folder change with its content.
  const identity = `${facts.dev}:${facts.ino}`
  const [uid, gid] = [Number(facts.uid), Number(facts.gid)]
  return { identity, uid, gid, mode: Number(facts.mode) }
}

/** What a folder holds; null: it cannot be read. */
const contentOf = (folder: string): string | null => {
  try {
    const names = readdirSync(folder).toSorted()
    return JSON.stringify(
      names.map((name) => {
        const facts = factsOf(join(folder, name))
        return [name, facts === null ? null : identityOf(facts)]
      }),
    )
  } catch {
    return null
  }
}

const rememberTimes = (folder: string): (() => void) => {
  const [facts, content] = [factsOf(folder), contentOf(folder)]
  return () => {
    try {
      // Only an empty folder can be removed so.
      if (facts === null) return rmdirSync(folder)
      if (content === null || contentOf(folder) !== content) return
      utimesSync(folder, Number(facts.atimeNs) / 1e9, Number(facts.mtimeNs) / 1e9)
    } catch {
      // It has files now, or is another user's: its files are unchanged.
    }
  }
}

export const durableOnHost = (signal: AbortSignal): Durable => ({
  write: async (path, text) => trying('write', path, () => writeWhole(path, text)),
  copy: async (from, to, like) => trying('write', to, () => copyWhole(from, to, like)),
  link: async (from, to) => trying('write', to, () => linkAs(from, to)),
  rename: async (from, to) => trying('replace', to, () => renameNow(from, to)),
  remove: async (path) =>
    trying('remove', path, () => {
      if (factsOf(path) === null) return
      rmSync(path, { force: true })
      sync(dirname(path))
    }),
  identity: (path) => {
    const facts = factsOf(path)
    return facts === null ? null : identityOf(facts)
  },
  version: (path) => {
    const facts = factsOf(path)
    return facts === null ? null : `${facts.ino}:${facts.ctimeNs}`
  },
  foreign: (path, reach) => (reach === 'whole' ? foreignOnWay(path) : foreignItself(path)),
  rememberTimes,
  attributes: (path) => attributesOf(path),
  setMode: async (path, mode) =>
    trying('write', path, () => {
      chmodSync(path, mode)
      sync(path)
    }),
  userId: (name) => passwordEntries().find((entry) => entry.name === name)?.uid ?? null,
  real: (path) => {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  },
  claim: (path) => claim(path, signal),
})
