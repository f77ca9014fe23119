import { readdirSync, statSync } from 'node:fs'
import type { Files } from '../ports.ts'
import { asOwner } from './as-owner.ts'
import { ioError } from './io-error.ts'
import { namedFiles } from './named/files.ts'
import { checkSpecPlace, rangeOf } from './named/range.ts'
import { readRegular } from './read-regular.ts'
import { rewrite } from './rewrite.ts'
import { writeWhole } from './write-whole.ts'

export const filesOnDisk: Files = {
  read: async (path, mostBytes = 8 * 1024 * 1024) => {
    try {
      return readRegular(path, mostBytes)
    } catch (error) {
      throw ioError('read', path, error)
    }
  },
  namedBy: (folder, allowed) => namedFiles(rangeOf(folder, allowed)),
  checkSpecPlace: async (path, name) => checkSpecPlace(path, name),
  exists: async (path) => {
    try {
      statSync(path)
      return true
    } catch {
      return false
    }
  },
  list: async (folder) => {
    try {
      return readdirSync(folder).sort()
    } catch (error) {
      throw ioError('read', folder, error)
    }
  },
  write: async (path, text) => {
    try {
      await asOwner(path, async () => writeWhole(path, text, 0o644))
    } catch (error) {
      throw ioError('write', path, error)
    }
  },
  rewrite: async (path, before, after) => {
    try {
      await rewrite(path, before, after)
    } catch (error) {
      throw ioError('write', path, error)
    }
  },
}
