import { createHash } from 'node:crypto'
import type { Parser, ReadEntry } from 'tar'
import { SessctlError } from '../../errors.ts'
import { damaged, refused, unpacked } from './unpacked.ts'

/** OpenSSL has 6,000. */
const mostEntries = 50_000
const mostBytes = 1024 * 1024 * 1024

const fileTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

const words: Readonly<Record<string, string>> = {
  SymbolicLink: 'a symbolic link',
  Link: 'a hard link',
  CharacterDevice: 'a device',
  BlockDevice: 'a device',
  FIFO: 'a pipe',
}

/** A tarball, and which part of it is wanted. */
export interface Wanted {
  readonly archive: string
  /** Of the packed file, where it is known; null: whatever stands there. */
  readonly sha256: string | null
  /** The beginning of the paths; empty: all of it. */
  readonly only: string
}

export const isWanted = ({ only }: Wanted, path: string): boolean =>
  path.replace(/^\.\//, '').startsWith(only)

/** Why an entry is refused; null for a plain file or folder below the top. */
export const danger = ({ path, type }: Pick<ReadEntry, 'path' | 'type'>): string | null => {
  if (path.startsWith('/') || path.split('/').includes('..')) return 'is outside of the archive'
  if (/[\\\p{Cc}]/u.test(path)) return 'has an invalid name'
  if (fileTypes.has(type) || type === 'Directory') return null
  return `is ${words[type] ?? type}`
}

const shown = (path: string): string => JSON.stringify(path.slice(0, 120))

/** Counts what an archive holds, so that one with more than any source ends early. */
const counting = (wanted: Wanted) => {
  let [entries, bytes] = [0, 0]
  let problem: string | null = null
  return {
    problem: () => problem,
    refuse: (why: string) => {
      problem ??= why
    },
    header: () => {
      entries++
      if (entries > mostEntries) problem ??= `it has more than ${mostEntries} entries`
    },
    entry: (entry: ReadEntry) => {
      if (!isWanted(wanted, entry.path)) return
      bytes += entry.size
      const why = danger(entry)
      if (why !== null) problem ??= `${shown(entry.path)} ${why}`
      if (bytes > mostBytes) problem ??= `its files are larger than ${mostBytes / 1024 / 1024} MiB`
    },
  }
}

type Count = ReturnType<typeof counting>

/** Rejects when the reader does; resolves when all it does is done. */
const endOf = (parser: Parser): Promise<void> => {
  const end = new Promise<void>((resolve, reject) => {
    parser.on('error', reject)
    parser.on('close', resolve)
  })
  end.catch(() => undefined)
  return end
}

const feed = async (parser: Parser, wanted: Wanted, count: Count): Promise<void> => {
  const end = endOf(parser)
  const stop = (): void => {
    const problem = count.problem()
    if (problem !== null) throw refused(wanted.archive, problem)
  }
  for await (const chunk of unpacked(wanted.archive, wanted.sha256)) {
    const isReady = parser.write(chunk)
    stop()
    if (!isReady)
      await Promise.race([end, new Promise<void>((resolve) => parser.once('drain', resolve))])
    stop()
  }
  parser.end()
  await end
  stop()
}

const read = async (parser: Parser, wanted: Wanted): Promise<void> => {
  const count = counting(wanted)
  // Headers that only say something of the next entry: the library skips those that are too long,
  // and the entry would have another name than elsewhere.
  parser.on('meta', count.header)
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    count.header()
    if (entry.meta) count.refuse(`a header in it is ${entry.size} bytes long`)
    // Of a type that the library leaves out.
    else count.entry(entry)
  })
  parser.on('entry', (entry: ReadEntry) => {
    count.header()
    count.entry(entry)
  })
  try {
    await feed(parser, wanted, count)
  } catch (error) {
    if (error instanceof SessctlError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw code?.startsWith('E') ? error : damaged(wanted.archive, error)
  }
}

const partsOf = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '.' && part !== '')

/**
 * Looks at every entry, and writes nothing.
 * @returns the name of the top folder; null when nothing is wanted.
 */
export const inspect = async (wanted: Wanted): Promise<string | null> => {
  const { list } = await import('tar')
  const tops = new Set<string>()
  const parser = list({
    strict: true,
    onReadEntry: (entry) => {
      entry.resume()
      if (isWanted(wanted, entry.path)) tops.add(partsOf(entry.path)[0] ?? '')
    },
  })
  await read(parser, wanted)
  tops.delete('')
  tops.delete('pax_global_header')
  const [top] = tops
  if (top === undefined) return null
  if (tops.size > 1)
    throw refused(wanted.archive, `it has ${tops.size} top-level folders or files instead of one`)
  return top
}

/** Writes what is wanted below a folder that is there. */
export const extractInto = async (wanted: Wanted, folder: string): Promise<void> => {
  const { extract } = await import('tar')
  const parser = extract({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    // The same rules again, in the pass that writes.
    filter: (path, entry) => isWanted(wanted, path) && 'type' in entry && danger(entry) === null,
  })
  await read(parser, wanted)
}

/** The sha256 of each file, by its path below the top folder. */
export const digestsIn = async (wanted: Wanted): Promise<ReadonlyMap<string, string>> => {
  const { list } = await import('tar')
  const found = new Map<string, string>()
  const parser = list({
    strict: true,
    onReadEntry: (entry) => {
      if (!fileTypes.has(entry.type) || !isWanted(wanted, entry.path)) return void entry.resume()
      const hash = createHash('sha256')
      const path = partsOf(entry.path).slice(1).join('/')
      entry.on('data', (chunk) => void hash.update(chunk))
      entry.on('end', () => void found.set(path, hash.digest('hex')))
      return undefined
    },
  })
  await read(parser, wanted)
  return found
}
