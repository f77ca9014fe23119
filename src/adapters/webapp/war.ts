import { crc32, inflateRawSync } from 'node:zlib'
import type { Entry, RandomAccessReader, ZipFile } from 'yauzl'
import type { Webapp } from '../../core/dialects/dialect.ts'

const mostEntries = 100_000

const webXmlName = 'WEB-INF/web.xml'
const contextXmlName = 'META-INF/context.xml'

/** Where a war is read from. */
export interface Source {
  readonly size: number
  /** @returns fewer bytes than asked for only at the end. */
  readonly read: (start: number, length: number) => Uint8Array
}

/** Why a war is not looked into any further. */
class Refusal extends Error {}

/** `read`, which never leaves the file: the places in a war are whatever its author wrote. */
const within =
  ({ size, read }: Source) =>
  (start: number, length: number): Uint8Array => {
    if (!(start >= 0 && start + length <= size))
      throw new Refusal('an offset is outside of the file')
    const bytes = read(start, length)
    if (bytes.length !== length) throw new Refusal('it is cut off')
    return bytes
  }

type Read = ReturnType<typeof within>

const openZip = async (source: Source, read: Read): Promise<ZipFile> => {
  const { default: yauzl } = await import('yauzl')
  class Reader extends yauzl.RandomAccessReader {
    // yauzl's own hands any 64-bit place to fs.read, whose exception nobody could catch.
    override read: RandomAccessReader['read'] = (buffer, offset, length, position, callback) => {
      try {
        buffer.set(read(position, length), offset)
      } catch (error) {
        callback(error as Error)
        return
      }
      // yauzl compares what it gets with `length`; its types do not tell.
      ;(callback as (error: null, count: number) => void)(null, length)
    }
  }
  return yauzl.fromRandomAccessReaderPromise(new Reader(), source.size, {
    autoClose: false,
    // Java compares the names as they are as well, without mending backslashes.
    decodeStrings: false,
  })
}

/** The entries that are read, from the central directory alone. */
const findEntries = async (zip: ZipFile): Promise<ReadonlyMap<string, Entry>> => {
  if (zip.entryCount > mostEntries) throw new Refusal(`it has more than ${mostEntries} files`)
  const found = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString('latin1')
    if (name !== webXmlName && name !== contextXmlName) continue
    if (found.has(name)) throw new Refusal(`it holds ${name} twice`)
    found.set(name, entry)
  }
  return found
}

const checkEntry = (name: string, entry: Entry, mostBytes: number): void => {
  if (entry.isEncrypted()) throw new Refusal(`its ${name} is encrypted`)
  if (![0, 8].includes(entry.compressionMethod)) {
    throw new Refusal(`its ${name} uses a compression method that Java does not support`)
  }
  if (Math.max(entry.uncompressedSize, entry.compressedSize) > mostBytes) {
    throw new Refusal(`its ${name} is larger than ${mostBytes / 1024 / 1024} MiB`)
  }
}

const inflate = (name: string, packed: Uint8Array, size: number): Uint8Array => {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) })
  } catch {
    throw new Refusal(`its ${name} does not unpack to the ${size} bytes of its header`)
  }
}

const unpack = async (
  zip: ZipFile,
  name: string,
  entry: Entry,
  read: Read,
): Promise<Uint8Array> => {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  const packed = read(fileDataStart, entry.compressedSize)
  const bytes =
    entry.compressionMethod === 0 ? packed : inflate(name, packed, entry.uncompressedSize)
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    throw new Refusal(`its ${name} is damaged`)
  }
  return bytes
}

/**
 * The web.xml and the context.xml of a war; nothing else of it is unpacked, and nothing is written.
 * @param mostBytes larger ones are refused.
 */
export const readWar = async (source: Source, mostBytes: number): Promise<Webapp> => {
  const read = within(source)
  try {
    const zip = await openZip(source, read)
    const entries = await findEntries(zip)
    const partOf = async (name: string): Promise<Uint8Array | null> => {
      const entry = entries.get(name)
      if (entry === undefined) return null
      checkEntry(name, entry, mostBytes)
      return unpack(zip, name, entry, read)
    }
    const webXml = await partOf(webXmlName)
    const contextXml = await partOf(contextXmlName)
    return { form: 'war', webXml, ...(contextXml === null ? {} : { contextXml }) }
  } catch (error) {
    // What yauzl throws is about the file; what the system says is about the disk.
    const { syscall, message } = error as NodeJS.ErrnoException
    if (syscall !== undefined) throw error
    const why = error instanceof Refusal ? message : `it is not a valid zip file: ${message}`
    return { form: 'unreadable', why }
  }
}
