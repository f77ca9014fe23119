import { OutsideError } from '../../errors.ts'
import type { NamedFiles } from '../../ports.ts'
import { readConf } from '../conf-folder.ts'
import { readConfigOnDisk } from '../config-files.ts'
import type { FileCheck } from '../file-check.ts'
import { ioError } from '../io-error.ts'
import { readRegular } from '../read-regular.ts'
import { readWebapp } from '../webapp/read.ts'
import type { Range } from './range.ts'
import { openedPath } from './real-path.ts'

const mostBytes = 8 * 1024 * 1024

/**
 * Judges each path twice: before it is opened, which a device may notice, and what was opened, since a
 * link may have changed in between.
 */
const judgeOf = ({ judge }: Range): FileCheck & { readonly isOutside: () => boolean } => {
  let isOutside = false
  const noted = (verdict: ReturnType<typeof judge>): void => {
    isOutside ||= verdict === 'allowed'
  }
  return {
    path: (path: string) => noted(judge(path)),
    file: (path: string, descriptor: number) => noted(judge(path, openedPath(descriptor, path))),
    isOutside: () => isOutside,
  }
}

const mayBeRead = (range: Range, folder: string): boolean => {
  try {
    range.judge(folder)
    return true
  } catch (error) {
    if (error instanceof OutsideError) return false
    throw error
  }
}

/** The files in a range, on disk. */
export const namedFiles = (range: Range): NamedFiles => ({
  read: async (path) => {
    const check = judgeOf(range)
    check.path(path)
    try {
      const content = readRegular(path, mostBytes, true, (file) => check.file(path, file))
      return { content, isOutside: check.isOutside() }
    } catch (error) {
      if (error instanceof OutsideError) throw error
      throw ioError('read', path, error)
    }
  },
  readWebapp: async (path) => {
    const check = judgeOf(range)
    check.path(path)
    const content = await readWebapp(path, check)
    return { content, isOutside: check.isOutside() }
  },
  readConfig: async (path, language) => {
    const check = judgeOf(range)
    check.path(path)
    try {
      const content = await readConfigOnDisk(path, language, check)
      return { content, isOutside: check.isOutside() }
    } catch (error) {
      if (error instanceof OutsideError) throw error
      throw ioError('read', path, error)
    }
  },
  readConf: async (folder) => {
    if (!mayBeRead(range, folder)) return null
    const check = judgeOf(range)
    const content = readConf(folder, check)
    return { content, isOutside: check.isOutside() }
  },
  check: async (path) => {
    const check = judgeOf(range)
    check.path(path)
    return { isOutside: check.isOutside() }
  },
})
