import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { IoError } from '../errors.ts'

const mebibyte = 1024 * 1024

const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/**
 * The bytes of a regular file. A pipe or a terminal is not waited for, a device is not read, and no
 * file is read beyond the limit, even if it says it is smaller or grows meanwhile.
 * @param mostBytes a whole number of MiB.
 * @param follows whether the last part of the path may be a symbolic link.
 * @throws IoError for anything but a regular file of that size; what the file system says otherwise.
 */
export const readRegular = (path: string, mostBytes: number, follows = true): Uint8Array => {
  const descriptor = openSync(path, follows ? openFlags : openFlags | constants.O_NOFOLLOW)
  try {
    const status = fstatSync(descriptor)
    if (status.isDirectory()) throw new IoError(`cannot read ${path}: it is a folder`)
    if (!status.isFile()) {
      throw new IoError(`cannot read ${path}: it is not a regular file`, {
        help: 'pipes and devices are not read; copy it to a file first',
      })
    }
    // Some file systems say 0 of files that have content (/proc).
    let bytes = Buffer.alloc(Math.min(status.size, mostBytes) + 1)
    let length = 0
    for (;;) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null)
      if (read === 0) return bytes.subarray(0, length)
      length += read
      if (length > mostBytes) {
        throw new IoError(`cannot read ${path}: it is larger than ${mostBytes / mebibyte} MiB`)
      }
      if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)])
    }
  } finally {
    closeSync(descriptor)
  }
}
