/** Something that a server needs beside its artifacts, and that sessctl does not write. */
export type Need = JarNeed | PackageNeed

/** A file for the folder `lib` of a CATALINA_BASE. */
export interface JarNeed {
  readonly kind: 'jar'
  /** Name of the upstream; each of its servers needs it. */
  readonly upstream: string
  /** `group:artifact:version`, as Maven Central knows it. */
  readonly coordinates: string
  /** Such as `redisson-all-3.39.0.jar`. */
  readonly file: string
  /** null: sessctl has never seen this one. */
  readonly sha256: string | null
}

/** What the package manager of the runtime brings, in the version that suits the rest. */
export interface PackageNeed {
  readonly kind: 'maven-dependency' | 'php-extension' | 'python-package'
  readonly upstream: string
  readonly name: string
}
