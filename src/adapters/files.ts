import { readFileSync, statSync } from 'node:fs'
import type { Files } from '../ports.ts'
import { ioError } from './io-error.ts'

export const filesOnDisk: Files = {
  read: async (path) => {
    try {
      return readFileSync(path)
    } catch (error) {
      throw ioError('read', path, error)
    }
  },
  exists: async (path) => {
    try {
      statSync(path)
      return true
    } catch {
      return false
    }
  },
}
