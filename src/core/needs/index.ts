import type { Cluster, Upstream } from '../model/cluster.ts'
import { jar } from './jar.ts'
import type { JarNeed, Need, PackageNeed } from './need.ts'
import { phpExtensions, pythonPackages, springDependencies } from './packages.ts'
import { jarsOf } from './tomcat.ts'

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
