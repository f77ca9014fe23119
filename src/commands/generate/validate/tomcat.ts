import type { Context } from '../../../context.ts'
import type { Cluster } from '../../../core/model/cluster.ts'
import type { Artifact } from '../../../core/render/artifact.ts'
import { type TomcatFiles, tomcatFiles } from '../../../core/validate/tomcat/bases.ts'
import { planTomcats, type TomcatTool } from '../../../core/validate/tomcat/plan.ts'
import { programs } from '../../tools/programs.ts'
import { javaOf, tomcatFinder } from '../../tools/tomcats.ts'
import type { Checker, Missing } from './checker.ts'

const pathsOf = (tomcats: readonly TomcatFiles[]): readonly string[] =>
  tomcats.flatMap(({ artifacts }) => artifacts.map(({ path }) => path))

const grouped = <Item>(items: readonly Item[], keyOf: (item: Item) => string) => {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const known = groups.get(keyOf(item))
    if (known === undefined) groups.set(keyOf(item), [item])
    else known.push(item)
  }
  return [...groups.values()]
}

const missingTomcat = (
  tomcats: readonly TomcatFiles[],
  major: number,
  seen: readonly TomcatTool[],
): Missing => {
  const others = seen.map(({ home, version }) => `${version} in ${home}`).join(', ')
  return {
    paths: pathsOf(tomcats),
    what: `there is no Tomcat ${major} on this host${others === '' ? '' : ` (but ${others})`}`,
    remedy: `install the package tomcat${major}, or name its home with CATALINA_HOME or SESSCTL_TOMCAT`,
  }
}

/** A checker for each release line of Tomcat that the artifacts are for. */
export const tomcatCheckers = async (
  cluster: Cluster,
  artifacts: readonly Artifact[],
  context: Context,
): Promise<readonly (Checker | Missing)[]> => {
  const tomcats = tomcatFiles(cluster, artifacts)
  if (tomcats.length === 0) return []
  const java = await javaOf(context)
  if (java === null) {
    const { remedy, variable } = programs.java
    return [
      {
        paths: pathsOf(tomcats),
        what: 'there is no Java on this host to start a Tomcat',
        remedy: `${remedy}, or name one with ${variable}`,
      },
    ]
  }
  const finder = tomcatFinder(java.program, context)
  const lines = grouped(tomcats, ({ version: { parts } }) => `${parts[0]}.${parts[1]}`)
  const found: (Checker | Missing)[] = []
  for (const line of lines) {
    const [{ version }] = line
    const [major, minor] = version.parts
    const tool = await finder.find(major, minor)
    found.push(
      tool === null
        ? missingTomcat(line, major, await finder.seen())
        : { tool, paths: pathsOf(line), plan: (input) => planTomcats(input, tool, line) },
    )
  }
  return found
}
