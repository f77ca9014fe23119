import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfFolder } from '../core/dialects/dialect.ts'
import { readRegular } from './read-regular.ts'

/** Larger ones are no context files. */
const mostBytes = 1024 * 1024
const mostFiles = 2000

/** Beside server.xml, and ENGINE/HOST/NAME.xml below it. */
const wanted = /^(?:context\.xml|web\.xml|[^/]+\/[^/]+\/(?:[^/]+\.xml|context\.xml\.default))$/

export const isConfFile = (path: string): boolean => wanted.test(path)

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Not there, or not ours to read: then it says nothing here.
    return []
  }
}

const foldersIn = (folder: string): readonly string[] =>
  entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .map(({ name }) => name)

const namesIn = (folder: string): readonly string[] => entriesOf(folder).map(({ name }) => name)

const bytesOf = (path: string): Uint8Array | null => {
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= mostBytes ? readRegular(path, mostBytes) : null
  } catch {
    return null
  }
}

export const confFolder = (folder: string): ConfFolder => {
  const below = foldersIn(folder).flatMap((engine) =>
    foldersIn(join(folder, engine)).flatMap((host) =>
      namesIn(join(folder, engine, host)).map((name) => `${engine}/${host}/${name}`),
    ),
  )
  const paths = [...namesIn(folder), ...below].filter(isConfFile).sort().slice(0, mostFiles)
  const files = paths.flatMap((path) => {
    const bytes = bytesOf(join(folder, path))
    return bytes === null ? [] : [[path, bytes] as const]
  })
  return { form: 'conf', files: new Map(files) }
}

export const readConf = async (folder: string): Promise<ConfFolder> => confFolder(folder)
