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
  EEXIST: 'the name is already used',
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'change the permissions, or use another path',
  EPERM: 'change the permissions, or use another path',
  EROFS: 'use another path',
  ENOSPC: 'free some space, or use another path',
  EDQUOT: 'free some space, or use another path',
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
  const { [code ?? '']: reason = message } = reasons
  return new IoError(`cannot ${doing} ${path}: ${reason}`, {
    cause,
    help: help ?? remedies[code ?? ''] ?? null,
  })
}
