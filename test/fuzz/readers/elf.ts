import { readNginx, readSharedObject } from '../../../src/build-nginx/core/abi/read.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  readSharedObject(bytes)
  readNginx(bytes)
}
