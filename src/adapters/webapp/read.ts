import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Input } from '../../core/dialects/dialect.ts'
import { ioError } from '../io-error.ts'
import { readRegular } from '../read-regular.ts'
import type { Source } from './war.ts'

export const webXmlPath = 'WEB-INF/web.xml'

/** Larger ones are nobody's web.xml. */
const mostBytes = 8 * 1024 * 1024

const tooLarge: Input = { form: 'unreadable', why: 'it is larger than 8 MiB' }

const readFrom = async (path: string, source: Source): Promise<Input> => {
  const isZip = Buffer.from(source.read(0, 2)).equals(Buffer.from('PK'))
  if (isZip || /\.war$/i.test(path)) {
    // Most runs read none: they do not wait for what it takes either.
    const { readWar } = await import('./war.ts')
    return readWar(source, mostBytes)
  }
  return source.size > mostBytes ? tooLarge : source.read(0, source.size)
}

/** A web.xml or a war of which there is no file, such as one in a commit. */
export const fromBytes = (path: string, bytes: Uint8Array): Promise<Input> =>
  readFrom(path, {
    size: bytes.length,
    read: (start, length) => bytes.subarray(start, start + length),
  })

const fromFile = async (path: string): Promise<Input> => {
  // Whatever has taken the place of the file meanwhile is not waited for.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return await readFrom(path, {
      size: fstatSync(descriptor).size,
      read: (start, length) => {
        const bytes = Buffer.alloc(length)
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, start))
      },
    })
  } finally {
    closeSync(descriptor)
  }
}

const fromFolder = (folder: string): Input => {
  const path = join(folder, webXmlPath)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return { form: 'folder', webXml: null }
  if (!found.isFile()) return { form: 'unreadable', why: `its ${webXmlPath} is no file` }
  if (found.size > mostBytes)
    return { form: 'unreadable', why: `its ${webXmlPath} is larger than 8 MiB` }
  return { form: 'folder', webXml: readRegular(path, mostBytes) }
}

/** What the place of an application has for a web.xml, be it that file, a folder or a war. */
export const readWebapp = async (path: string): Promise<Input> => {
  try {
    const found = statSync(path)
    if (found.isDirectory()) return fromFolder(path)
    // A pipe would keep us waiting.
    if (!found.isFile()) return { form: 'unreadable', why: 'it is neither a file nor a folder' }
    return await fromFile(path)
  } catch (error) {
    throw ioError('read', path, error)
  }
}
