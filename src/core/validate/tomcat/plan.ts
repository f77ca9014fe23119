import { atLeast, parseVersion, type Version } from '../../model/version.ts'
import {
  type CheckInput,
  isRelease,
  type NotCheckable,
  type OutputContext,
  type PlannedCheck,
  type TemporaryFile,
  type Tool,
} from '../check.ts'
import { hostNamesOfServers, notResolved } from '../host-names.ts'
import { placeFinder, restoreOriginals } from '../originals.ts'
import { type IsolatedBase, isolateBase, type TomcatFiles } from './bases.ts'
import { ownContext } from './own-context.ts'
import { readTomcat } from './read.ts'

/** One line a record, to the console only. */
export const logging = [
  'handlers = java.util.logging.ConsoleHandler',
  '.handlers = java.util.logging.ConsoleHandler',
  'java.util.logging.ConsoleHandler.level = INFO',
  'java.util.logging.ConsoleHandler.formatter = org.apache.juli.OneLineFormatter',
  '',
].join('\n')

/** A Tomcat of this host; its program is a java. */
export interface TomcatTool extends Tool {
  /** CATALINA_HOME. */
  readonly home: string
}

const loggingFile = 'logging.properties'

/** A short start: English messages, little memory, no files outside of the temporary folder. */
const javaArgs = (folder: string, base: string, home: string): readonly string[] => [
  '-Duser.language=en',
  '-Duser.country=US',
  '-Dfile.encoding=UTF-8',
  '-Djava.awt.headless=true',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xmx256m',
  `-Djava.io.tmpdir=${folder}/${base}/temp`,
  `-Djava.util.logging.config.file=${folder}/${loggingFile}`,
  '-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager',
  `-Dcatalina.home=${home}`,
  `-Dcatalina.base=${folder}/${base}`,
  '-classpath',
  `${home}/bin/bootstrap.jar:${home}/bin/tomcat-juli.jar`,
  'org.apache.catalina.startup.Bootstrap',
  'start',
]

/** An application for each context file: Tomcat reports an error without one. */
const applications = ({ artifacts, base }: TomcatFiles): readonly string[] => {
  const names = artifacts.flatMap(({ path }) => {
    const parts = path.slice(base.length + 1).split('/')
    return parts.length === 4 && parts[0] === 'conf' ? [(parts[3] ?? '').replace(/\.xml$/, '')] : []
  })
  return [...new Set(['ROOT', ...names])]
}

const users: TemporaryFile['content'] = '<tomcat-users/>\n'

/** Only an older Tomcat may reject what a newer one accepts. */
const lackOf = (tool: Tool, wanted: Version): string | null => {
  const here = parseVersion(tool.version)
  const isSameLine = here.parts[0] === wanted.parts[0] && here.parts[1] === wanted.parts[1]
  return isRelease(tool.version, wanted) || (isSameLine && atLeast(here, wanted.text))
    ? null
    : `Tomcat ${tool.version} is not ${wanted.text}`
}

const relative = (path: string, base: string): string => path.slice(base.length + 1)

const planOne = (
  input: CheckInput,
  tool: TomcatTool,
  { files, isolated, documents, notes }: IsolatedBase,
  alike: readonly IsolatedBase[],
): PlannedCheck => {
  const { folder } = input
  const { base, version, artifacts } = files
  const hasUsers = artifacts.some(({ path }) => path === `${base}/conf/tomcat-users.xml`)
  const context: OutputContext = {
    placeOf: placeFinder(folder, isolated, artifacts),
    original: restoreOriginals([{ relocated: `${folder}/`, original: '' }]),
    fallback: `${base}/conf/server.xml`,
    lacks: lackOf(tool, version),
  }
  return {
    covers: artifacts.map(({ path }) => path),
    twins: alike.flatMap((twin) =>
      twin.files.artifacts.map(({ path }) => ({
        path,
        like: `${base}/${relative(path, twin.files.base)}`,
      })),
    ),
    insteadOf: isRelease(tool.version, version) ? null : `Tomcat ${version.text}`,
    notes: [
      ...notes,
      ...notResolved(hostNamesOfServers(input.cluster)).map((text) => ({ path: null, text })),
    ],
    check: {
      files: [
        ...isolated,
        ...(hasUsers ? [] : [{ path: `${base}/conf/tomcat-users.xml`, content: users }]),
        ...ownContext(`${base}/webapps/ROOT`, artifacts),
        { path: loggingFile, content: logging },
      ],
      folders: [
        'empty',
        ...['temp', 'work', 'logs'].map((name) => `${base}/${name}`),
        ...applications(files).map((name) => `${base}/webapps/${name}`),
      ],
      args: javaArgs(folder, base, tool.home),
    },
    until: / org\.apache\.catalina\.startup\.Catalina\.start Server startup in /,
    read: (answer) => readTomcat(answer, documents, context),
  }
}

/**
 * Starts every Tomcat in the temporary folder. Of several that differ only in routes and ports, one is
 * started.
 */
export const planTomcats = (
  input: CheckInput,
  tool: TomcatTool,
  tomcats: readonly TomcatFiles[],
): readonly (PlannedCheck | NotCheckable)[] => {
  const notCheckable: NotCheckable[] = []
  const alike = new Map<string, [IsolatedBase, ...IsolatedBase[]]>()
  for (const files of tomcats) {
    const isolated = isolateBase(files, `${input.folder}/empty`)
    if (typeof isolated === 'string') {
      notCheckable.push({ paths: files.artifacts.map(({ path }) => path), reason: isolated })
      continue
    }
    const known = alike.get(isolated.fingerprint)
    if (known === undefined) alike.set(isolated.fingerprint, [isolated])
    else known.push(isolated)
  }
  const planned = [...alike.values()].map(([first, ...others]) =>
    planOne(input, tool, first, others),
  )
  return [...planned, ...notCheckable]
}
