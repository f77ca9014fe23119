import { IoError } from '../errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EEXIST: 'it exists already',
}

/** What the file system said, as a sentence: `cannot read sessctl.yaml: there is no such file or folder`. */
export const ioError = (
  doing: string,
  path: string,
  cause: unknown,
  help: string | null = null,
): IoError => {
  if (cause instanceof IoError) return cause
  const { code, message } = cause as NodeJS.ErrnoException
  return new IoError(`cannot ${doing} ${path}: ${reasons[code ?? ''] ?? message}`, { cause, help })
}
