import { readdirSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type ConfigLanguage, collectConfigFiles } from '../core/config/collect.ts'
import type { ConfigFiles } from '../core/dialects/dialect.ts'
import { mostConfBytes, mostConfFiles } from './conf-folder.ts'
import type { FileCheck } from './file-check.ts'
import { readRegular } from './read-regular.ts'

const mostBytes = 8 * 1024 * 1024

/** Null: a file that is not there, or that the spec may not read. */
const orNull = <Value>(read: () => Value): Value | null => {
  try {
    return read()
  } catch {
    return null
  }
}

/**
 * Reads a configuration and the files that it includes.
 */
export const readConfigOnDisk = async (
  path: string,
  language: ConfigLanguage,
  check: FileCheck,
): Promise<ConfigFiles> => {
  const [folder, main] = [dirname(path), basename(path)]
  const read = (place: string, most: number): Uint8Array => {
    check.path(place)
    return readRegular(place, most, true, (file) => check.file(place, file))
  }
  const bytes = read(path, mostBytes)
  const files = await collectConfigFiles(main, language, {
    read: async (name) =>
      name === main ? bytes : orNull(() => read(resolve(folder, name), mostConfBytes)),
    list: async (below) =>
      orNull(() => {
        const place = resolve(folder, below)
        check.path(place)
        return readdirSync(place).slice(0, mostConfFiles)
      }) ?? [],
  })
  return { form: 'config', main, files: files ?? new Map([[main, bytes]]) }
}
