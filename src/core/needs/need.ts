/** Something that a server needs in addition to its artifacts and that sessctl does not write. */
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
  /** null: sessctl has no checksum of it. */
  readonly sha256: string | null
}

/** A package that the package manager of the runtime installs, in a version that fits. */
export interface PackageNeed {
  readonly kind: 'maven-dependency' | 'php-extension' | 'python-package'
  readonly upstream: string
  readonly name: string
}
