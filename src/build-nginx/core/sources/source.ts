/** Where sources come from. */
export type Source =
  /** Comes with sessctl. */
  | { readonly kind: 'bundled' }
  /** A release of the project itself, over https, with its signature. */
  | { readonly kind: 'release'; readonly version: string }
  /** A Debian source package; the suite is the machine's own when null. */
  | {
      readonly kind: 'apt'
      readonly package: string
      readonly suite: string | null
      /** Exactly this version of the package; null takes the newest. */
      readonly revision: string | null
    }
  /**
   * Debian's package nginx-dev: headers and auto/ of one revision of its nginx, for modules only.
   * Null: the newest revision of the release.
   */
  | { readonly kind: 'nginx-dev'; readonly revision: string | null }
  /** A tarball from anywhere, of which the sha256 is known. */
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string | null }
  | {
      readonly kind: 'git'
      readonly url: string
      readonly ref: string
      /** Where below its top; empty for the top itself. */
      readonly folder: string
    }
  /** A folder or a tarball of this host. */
  | { readonly kind: 'local'; readonly path: string }

/** As messages and nginx.lock name it. */
export const sourceText = (source: Source): string => {
  switch (source.kind) {
    case 'bundled':
      return 'sessctl'
    case 'release':
      return source.version
    case 'apt':
      return `apt:${source.package}${source.revision === null ? '' : `=${source.revision}`}${source.suite === null ? '' : `/${source.suite}`}`
    case 'nginx-dev':
      return `apt:nginx-dev${source.revision === null ? '' : `=${source.revision}`}`
    case 'url':
      return source.url
    case 'git':
      return `${source.url}@${source.ref}${source.folder === '' ? '' : `,${source.folder}`}`
    case 'local':
      return source.path
  }
}
