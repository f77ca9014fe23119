import type { Misread } from '../sources/parse.ts'

/** Where a package goes, and what it is: its name says so. */
export interface Destination {
  /** `spec`: a tarball from which rpmbuild makes an .rpm. */
  readonly kind: 'folder' | 'tar.gz' | 'deb' | 'rpm' | 'spec'
  readonly path: string
}

/** Names that promise something else than a folder. */
const strange = /\.(tar(\.\w+)?|tgz|txz|zip|apk|pkg|7z|gz|xz|zst)$/i

export const parseDestination = (path: string): Destination | Misread => {
  if (path === '' || /\p{Cc}/u.test(path))
    return { misread: 'the path is empty or has a control character', help: 'set a path' }
  if (path.endsWith('/')) return { kind: 'folder', path }
  if (path.endsWith('.deb')) return { kind: 'deb', path }
  if (path.endsWith('.rpm')) return { kind: 'rpm', path }
  if (path.endsWith('.spec.tar.gz')) return { kind: 'spec', path }
  if (/\.(tar\.gz|tgz)$/.test(path)) return { kind: 'tar.gz', path }
  return strange.test(path)
    ? {
        misread: `${path}: packages of this kind are not supported`,
        help: 'set a folder, *.tar.gz, *.deb, *.rpm or *.spec.tar.gz',
      }
    : { kind: 'folder', path }
}
