import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ReadEntry } from 'tar'
import { BuildError, SessctlError, ToolError } from '../../errors.ts'
import type { Archives } from '../../ports/build.ts'
import { ioError } from '../io-error.ts'
import { gunzip, pack } from './pack.ts'

const mostEntries = 100_000
const mostBytes = 2_147_483_648

const fileTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

const words: Readonly<Record<string, string>> = {
  SymbolicLink: 'a symbolic link',
  Link: 'a hard link',
  CharacterDevice: 'a device',
  BlockDevice: 'a device',
  FIFO: 'a pipe',
}

/** Why an entry is refused; null for a plain file or folder below the top. */
const danger = ({ path, type }: Pick<ReadEntry, 'path' | 'type'>): string | null => {
  if (path.startsWith('/') || path.split('/').includes('..')) return 'lies outside of it'
  if (/[\\\p{Cc}]/u.test(path)) return 'has a name that no source file has'
  if (fileTypes.has(type) || type === 'Directory') return null
  return `is ${words[type] ?? type}`
}

const shown = (path: string): string => JSON.stringify(path.slice(0, 120))

const refused = (archive: string, why: string): BuildError =>
  new BuildError(`${archive} is refused: ${why}`, {
    help: 'no release of nginx or its libraries has such a thing; get the archive from the project itself',
  })

const damaged = (archive: string, error: unknown): BuildError => {
  const { message } = error as Error
  const isCut = /unexpected end of file|truncated/i.test(message)
  return new BuildError(
    `${archive} is no archive that can be read: ${isCut ? 'it is cut off' : message}`,
    { cause: error, help: 'download it again; .tar, .tar.gz, .tar.xz and .tar.bz2 are understood' },
  )
}

/**
 * Looks at every entry before the first one is written.
 * @returns the name of the top folder; null when nothing is wanted.
 */
const inspect = async (
  archive: string,
  isWanted: (path: string) => boolean,
): Promise<string | null> => {
  const { list } = await import('tar')
  let [entries, bytes] = [0, 0]
  let problem: string | null = null
  const tops = new Set<string>()
  const onReadEntry = (entry: ReadEntry): void => {
    entry.resume()
    if (!isWanted(entry.path)) return
    entries++
    bytes += entry.size
    const why = danger(entry)
    if (why !== null) problem ??= `${shown(entry.path)} ${why}`
    tops.add(entry.path.split('/').filter((part) => part !== '.' && part !== '')[0] ?? '')
    if (entries > mostEntries || bytes > mostBytes) problem ??= 'it holds more than any source'
  }
  try {
    await list({ file: archive, onReadEntry, strict: true })
  } catch (error) {
    throw damaged(archive, error)
  }
  if (problem !== null) throw refused(archive, problem)
  tops.delete('')
  tops.delete('pax_global_header')
  const [top] = tops
  if (top === undefined) return null
  if (tops.size > 1)
    throw refused(archive, `it has ${tops.size} folders or files at its top instead of one`)
  return top
}

/** What other programs unpack; node itself knows gzip. */
const programs: Readonly<Record<string, string>> = { xz: 'xz', bz2: 'bzip2' }

const compression = (file: string): string | undefined => {
  const start = readFileSync(file).subarray(0, 6).toString('latin1')
  if (start.startsWith('\xfd7zXZ')) return 'xz'
  return start.startsWith('BZh') ? 'bz2' : undefined
}

const unpackedBy = async (program: string, file: string): Promise<Uint8Array> => {
  const { execa } = await import('execa')
  const options = {
    encoding: 'buffer',
    reject: false,
    maxBuffer: mostBytes,
    stdin: 'ignore',
  } as const
  const result = await execa(program, ['--decompress', '--stdout', '--', file], options)
  if (result.code === 'ENOENT') {
    throw new ToolError(`${file} needs the program ${program}`, {
      help: program === 'xz' ? 'install xz-utils (Debian) or xz' : 'install bzip2',
    })
  }
  if (result.failed) throw damaged(file, new Error(String(result.stderr).split('\n', 1)[0]))
  return result.stdout
}

const expand = async (file: string): Promise<Uint8Array> => {
  const kind = compression(file)
  const program = programs[kind ?? '']
  if (program !== undefined) return unpackedBy(program, file)
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: mostBytes })
  } catch (error) {
    throw damaged(file, error)
  }
}

/** .tar and .tar.gz by the `tar` package; nothing is written before all of it was looked at. */
export const archivesOnDisk: Archives = {
  expand,
  pack,
  gunzip,
  extract: async (archive, folder, only = '') => {
    // One name: what a run that was killed has left there goes with the next one.
    const stage = join(dirname(folder), `.${basename(folder)}.sessctl-extract`)
    rmSync(stage, { recursive: true, force: true })
    mkdirSync(stage, { recursive: true, mode: 0o700 })
    try {
      const plain = compression(archive) === undefined ? archive : join(stage, 'plain.tar')
      if (plain !== archive) writeFileSync(plain, await expand(archive))
      const isWanted = (path: string): boolean => path.replace(/^\.\//, '').startsWith(only)
      const top = await inspect(plain, isWanted).catch((error: unknown) => {
        throw renamed(error, plain, archive)
      })
      if (top === null && only === '') throw damaged(archive, new Error('it is empty'))
      if (top === null) return false
      const into = join(stage, 'tree')
      mkdirSync(into)
      const { extract } = await import('tar')
      await extract({
        file: plain,
        cwd: into,
        strict: true,
        preserveOwner: false,
        // The same rules again, in the pass that writes.
        filter: (path, entry) => isWanted(path) && 'type' in entry && danger(entry) === null,
      })
      rmSync(folder, { recursive: true, force: true })
      renameSync(join(into, top), folder)
      return true
    } catch (error) {
      if (error instanceof SessctlError) throw error
      const { code } = error as NodeJS.ErrnoException
      throw code?.startsWith('E') ? ioError('unpack into', folder, error) : damaged(archive, error)
    } finally {
      rmSync(stage, { recursive: true, force: true })
    }
  },
}

/** The user knows the archive, not what it was unpacked to on the way. */
const renamed = (error: unknown, from: string, to: string): unknown =>
  error instanceof BuildError
    ? new BuildError(error.message.replaceAll(from, to), { help: error.help, cause: error.cause })
    : error
