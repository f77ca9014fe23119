import type { Cluster } from '../../model/cluster.ts'
import type { Version } from '../../model/version.ts'
import type { Artifact } from '../../render/artifact.ts'

/** What is written for one Tomcat: the files of its CATALINA_BASE. */
export interface TomcatFiles {
  /** Path of the base, such as `tomcat/tomcat01`. */
  readonly base: string
  /** The release that the spec names. */
  readonly version: Version
  readonly artifacts: readonly Artifact[]
}

const baseOf = (path: string): string => path.split('/').slice(0, 2).join('/')

const versionsOf = (cluster: Cluster): ReadonlyMap<string, Version> =>
  new Map(
    cluster.upstreams.flatMap(({ app, servers }) =>
      app.runtime === 'tomcat'
        ? servers.map(({ name }) => [`tomcat/${name}`, app.version] as const)
        : [],
    ),
  )

/** The Tomcats of the cluster that something is written for, in the order of the artifacts. */
export const tomcatFiles = (
  cluster: Cluster,
  artifacts: readonly Artifact[],
): readonly TomcatFiles[] => {
  const versions = versionsOf(cluster)
  const byBase = new Map<string, Artifact[]>()
  for (const artifact of artifacts) {
    const base = baseOf(artifact.path)
    const known = byBase.get(base)
    if (known === undefined) byBase.set(base, [artifact])
    else known.push(artifact)
  }
  return [...byBase].flatMap(([base, files]) => {
    const version = versions.get(base)
    return version === undefined ? [] : [{ base, version, artifacts: files }]
  })
}

/** Homes are looked for by this: 9 for 9.0.122, 10 for 10.1.60. */
export const majorOf = ({ parts }: Version): number => parts[0]
