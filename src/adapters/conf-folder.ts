import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfFolder } from '../core/dialects/dialect.ts'
import { OutsideError } from '../errors.ts'
import type { FileCheck } from './file-check.ts'
import { readRegular } from './read-regular.ts'

/** Larger ones are no context files. */
export const mostConfBytes = 1024 * 1024
export const mostConfFiles = 2000

/** Beside server.xml, and ENGINE/HOST/NAME.xml below it. */
const wanted =
  /^(?:context\.xml|web\.xml|[^/]+\/[^/]+\/(?:[^/]+\.xml|(?:context|web)\.xml\.default))$/

export const isConfFile = (path: string): boolean => wanted.test(path)

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Not there, or not ours to read: then it says nothing here.
    return []
  }
}

/** Neither hidden ones nor dependencies are engines or hosts. */
export const isConfFolder = (name: string): boolean => !/^\.|^node_modules$/.test(name)

const foldersIn = (folder: string): readonly string[] =>
  entriesOf(folder)
    .filter((entry) => entry.isDirectory() && isConfFolder(entry.name))
    .map(({ name }) => name)

const namesIn = (folder: string): readonly string[] => entriesOf(folder).map(({ name }) => name)

const bytesOf = (path: string, check: FileCheck): Uint8Array | null => {
  try {
    check.path(path)
    const found = statSync(path)
    return found.isFile() && found.size <= mostConfBytes
      ? readRegular(path, mostConfBytes, true, (file) => check.file(path, file))
      : null
  } catch (error) {
    if (error instanceof OutsideError) throw error
    return null
  }
}

export const readConf = (folder: string, check: FileCheck): ConfFolder => {
  const below = foldersIn(folder).flatMap((engine) =>
    foldersIn(join(folder, engine)).flatMap((host) =>
      namesIn(join(folder, engine, host)).map((name) => `${engine}/${host}/${name}`),
    ),
  )
  const paths = [...namesIn(folder), ...below].filter(isConfFile).sort().slice(0, mostConfFiles)
  const files = paths.flatMap((path) => {
    const bytes = bytesOf(join(folder, path), check)
    return bytes === null ? [] : [[path, bytes] as const]
  })
  return { form: 'conf', files: new Map(files) }
}
