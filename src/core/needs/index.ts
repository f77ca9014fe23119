import type { Cluster, Upstream } from '../model/cluster.ts'
import { checksums } from './checksums.ts'
import { phpExtensions, pythonPackages, springDependencies } from './packages.ts'
import { jarsOf } from './tomcat.ts'

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

/** @param coordinates `group:artifact:version`. */
const jar = (upstream: string, coordinates: string): JarNeed => {
  const [, artifact = '', version = ''] = coordinates.split(':')
  const file = `${artifact}-${version}.jar`
  return { kind: 'jar', upstream, coordinates, file, sha256: checksums[coordinates] ?? null }
}

/** The path of the jar in a Maven repository. */
export const repositoryPath = ({ coordinates, file }: JarNeed): string => {
  const [group = '', artifact = '', version = ''] = coordinates.split(':')
  return `${group.replaceAll('.', '/')}/${artifact}/${version}/${file}`
}

const packages = (
  upstream: string,
  kind: PackageNeed['kind'],
  names: readonly string[],
): readonly Need[] => names.map((name) => ({ kind, upstream, name }))

const needsOfOne = ({ name, app }: Upstream): readonly Need[] => {
  switch (app.runtime) {
    case 'none':
      return []
    case 'tomcat':
      return jarsOf(app).map((coordinates) => jar(name, coordinates))
    case 'spring':
      return packages(name, 'maven-dependency', springDependencies(app))
    case 'php':
      return packages(name, 'php-extension', phpExtensions(app))
    case 'django':
      return packages(name, 'python-package', pythonPackages(app))
  }
}

/** What the application servers of a cluster need in addition to their artifacts, by upstream. */
export const needsOf = ({ upstreams }: Cluster): readonly Need[] => upstreams.flatMap(needsOfOne)

/** The jars among them, each once. */
export const jarsNeeded = (cluster: Cluster): readonly JarNeed[] => {
  const jars = needsOf(cluster).flatMap((need) => (need.kind === 'jar' ? [need] : []))
  return [...new Map(jars.map((need) => [need.coordinates, need])).values()]
}
