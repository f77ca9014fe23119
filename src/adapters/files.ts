import { access, constants, readFile } from 'node:fs/promises'
import type { Files } from '../ports.ts'
import { ioError } from './io-error.ts'

export const filesOnDisk: Files = {
  read: async (path) => {
    try {
      return await readFile(path)
    } catch (error) {
      throw ioError('read', path, error)
    }
  },
  exists: (path) =>
    access(path, constants.R_OK).then(
      () => true,
      () => false,
    ),
}
