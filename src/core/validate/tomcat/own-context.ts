import type { Artifact } from '../../render/artifact.ts'
import type { TemporaryFile } from '../check.ts'

/** Without it, an application without tag libraries would have all jars of Tomcat searched for some. */
const unsearched = '<Context><JarScanner scanClassPath="false"/></Context>\n'

/** A Host with `deployXML="false"` does not start an application with a context file of its own. */
const setsDeployXml = ({ path, text }: Artifact): boolean =>
  path.endsWith('.xml') && /\bdeployXML\b/.test(text)

/**
 * The context file of an application that sessctl itself puts into a Tomcat, for a quick start: in
 * Debian's Tomcats the search of the jars takes a third of it.
 */
export const ownContext = (
  folder: string,
  artifacts: readonly Artifact[],
): readonly TemporaryFile[] =>
  artifacts.some(setsDeployXml)
    ? []
    : [{ path: `${folder}/META-INF/context.xml`, content: unsearched }]
