import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { IoError } from '../errors.ts'

const mebibyte = 1024 * 1024

const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** One read of the system takes less than 2 GiB. */
const mostAtOnce = 1024 * mebibyte

const notRegular = (path: string): IoError =>
  new IoError(`cannot read ${path}: it is not a regular file`, {
    help: 'pipes and devices are not read; copy it to a file first',
  })

const tooLarge = (path: string, mostBytes: number): IoError =>
  new IoError(`cannot read ${path}: it is larger than ${mostBytes / mebibyte} MiB`)

const open = (path: string, flags: number): number => {
  try {
    return openSync(path, flags)
  } catch (error) {
    // A socket, or a device that is not there.
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENXIO' || code === 'ENODEV' ? notRegular(path) : error
  }
}

/**
 * The bytes of a regular file. A pipe or a terminal is not waited for, a device is not read, and no
 * file is read beyond the limit, even if it says it is smaller or grows meanwhile.
 * @param mostBytes a whole number of MiB.
 * @param follows whether the last part of the path may be a symbolic link.
 * @param check is given the open file before it is read, and may throw.
 * @throws IoError for anything but a regular file of that size; what the file system says otherwise.
 */
export const readRegular = (
  path: string,
  mostBytes: number,
  follows = true,
  check: (descriptor: number) => void = () => undefined,
): Uint8Array => {
  const descriptor = open(path, follows ? openFlags : openFlags | constants.O_NOFOLLOW)
  try {
    check(descriptor)
    const status = fstatSync(descriptor)
    if (status.isDirectory()) throw new IoError(`cannot read ${path}: it is a folder`)
    if (!status.isFile()) throw notRegular(path)
    // Before any memory is taken: a file without content can be as large as a disk.
    if (status.size > mostBytes) throw tooLarge(path, mostBytes)
    // Some file systems say 0 of files that have content (/proc).
    let bytes = Buffer.alloc(status.size + 1)
    let length = 0
    for (;;) {
      const room = Math.min(bytes.length - length, mostAtOnce)
      const read = readSync(descriptor, bytes, length, room, null)
      if (read === 0) return bytes.subarray(0, length)
      length += read
      if (length > mostBytes) throw tooLarge(path, mostBytes)
      if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)])
    }
  } finally {
    closeSync(descriptor)
  }
}
