import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { WebappInput } from '../../core/dialects/dialect.ts'
import { OutsideError } from '../../errors.ts'
import type { FileCheck } from '../file-check.ts'
import { ioError } from '../io-error.ts'
import { readRegular } from '../read-regular.ts'
import type { Source } from './war.ts'

export const webXmlPath = 'WEB-INF/web.xml'
export const contextXmlPath = 'META-INF/context.xml'

/** Larger ones are nobody's web.xml. */
const mostBytes = 8 * 1024 * 1024

const tooLarge: WebappInput = { form: 'unreadable', why: 'it is larger than 8 MiB' }

const readFrom = async (path: string, source: Source): Promise<WebappInput> => {
  const isZip = Buffer.from(source.read(0, 2)).equals(Buffer.from('PK'))
  if (isZip || /\.war$/i.test(path)) {
    // Most runs read none: they do not wait for what it takes either.
    const { readWar } = await import('./war.ts')
    return readWar(source, mostBytes)
  }
  return source.size > mostBytes ? tooLarge : source.read(0, source.size)
}

/** A web.xml or a war of which there is no file, such as one in a commit. */
export const fromBytes = (path: string, bytes: Uint8Array): Promise<WebappInput> =>
  readFrom(path, {
    size: bytes.length,
    read: (start, length) => bytes.subarray(start, start + length),
  })

const fromFile = async (path: string, check: FileCheck): Promise<WebappInput> => {
  // Whatever has taken the place of the file meanwhile is not waited for.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    check.file(path, descriptor)
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

/** A file of an unpacked application; null without one, a sentence where it cannot be read. */
const partOf = (folder: string, name: string, check: FileCheck): Uint8Array | string | null => {
  const path = join(folder, name)
  check.path(path)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return null
  if (!found.isFile()) return `its ${name} is no file`
  return found.size > mostBytes
    ? `its ${name} is larger than 8 MiB`
    : readRegular(path, mostBytes, true, (descriptor) => check.file(path, descriptor))
}

const fromFolder = (folder: string, check: FileCheck): WebappInput => {
  const webXml = partOf(folder, webXmlPath, check)
  const contextXml = partOf(folder, contextXmlPath, check)
  if (typeof webXml === 'string') return { form: 'unreadable', why: webXml }
  if (typeof contextXml === 'string') return { form: 'unreadable', why: contextXml }
  return { form: 'folder', webXml, ...(contextXml === null ? {} : { contextXml }) }
}

/** What the place of an application has for a web.xml, be it that file, a folder or a war. */
export const readWebapp = async (path: string, check: FileCheck): Promise<WebappInput> => {
  try {
    const found = statSync(path)
    if (found.isDirectory()) return fromFolder(path, check)
    // A pipe would keep us waiting.
    if (!found.isFile()) return { form: 'unreadable', why: 'it is neither a file nor a folder' }
    return await fromFile(path, check)
  } catch (error) {
    if (error instanceof OutsideError) throw error
    throw ioError('read', path, error)
  }
}
