import type { Server } from '../../model/cluster.ts'
import type { Artifact } from '../../render/artifact.ts'
import type { TemporaryFile } from '../../validate/check.ts'
import { ownContext } from '../../validate/tomcat/own-context.ts'
import type { TomcatTool } from '../../validate/tomcat/plan.ts'
import { logging } from '../../validate/tomcat/plan.ts'
import type { LabProcess } from '../program.ts'
import { javaOptions } from './java.ts'
/** The folder of a context below webapps. */
export const appFolder = (context: string | null): string =>
  context === null || context === '/' ? 'ROOT' : context.slice(1).replaceAll('/', '#')

export interface TomcatParts {
  readonly server: Server
  readonly port: number
  /** Absolute: of the lab. */
  readonly folder: string
  readonly host: string
  readonly tool: TomcatTool
  /** Of this server, with their paths in the output folder. */
  readonly artifacts: readonly Artifact[]
  /** Of the application: paths below its folder. */
  readonly webapp: readonly TemporaryFile[]
  /** `/shop` is an application of its own; null: all paths. */
  readonly context: string | null
  /** The session cookie according to existing files, which need not be among the artifacts; null: none. */
  readonly sentCookie: string | null
  /** File name → absolute path. */
  readonly jars: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

/** As bin/catalina.sh: runs bin/setenv.sh first, if it exists. */
const withSetenv =
  'CATALINA_BASE=$PWD; if [ -r ./bin/setenv.sh ]; then . ./bin/setenv.sh; fi; exec "$0" $CATALINA_OPTS "$@"'

/** For Tomcat itself and for the libraries that serialize sessions. */
const opened = [
  'java.base/java.lang',
  'java.base/java.lang.reflect',
  'java.base/java.io',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.rmi/sun.rmi.transport',
]

/** Java 8 has no modules. */
const isModular = (java: string): boolean => !/version "1\.[0-8]\./.test(java)

/**
 * The RemoteIpValve of Tomcat 7 looks up the name of its own address for each request, which takes
 * seconds on a host without DNS. This file replaces the lookup; Java 8 does not support it.
 */
const hostsFile = 'conf/hosts'
const needsHostsFile = ({ version, answer }: TomcatTool): boolean =>
  version.startsWith('7.') && isModular(answer)

const javaArgs = (base: string, { server, tool }: TomcatParts): readonly string[] => [
  ...javaOptions,
  ...(isModular(tool.answer) ? opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`) : []),
  ...(needsHostsFile(tool) ? [`-Djdk.net.hosts.file=${base}/${hostsFile}`] : []),
  `-Dsessctl.server=${server.name}`,
  `-Djava.io.tmpdir=${base}/temp`,
  `-Djava.util.logging.config.file=${base}/conf/logging.properties`,
  '-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager',
  `-Dcatalina.home=${tool.home}`,
  `-Dcatalina.base=${base}`,
  '-classpath',
  `${tool.home}/bin/bootstrap.jar:${tool.home}/bin/tomcat-juli.jar`,
  'org.apache.catalina.startup.Bootstrap',
  'start',
]

/** Tomcat logs unknown attributes and elements, and starts all the same. */
const complaint =
  /did not find a matching property|failed to set property|No rules found matching|InvocationTargetException|\bSEVERE\b/

/** Binds the connector to loopback; in an edited file it is already. */
const onLoopback = (
  { path, text, bytes }: Artifact,
  { host, server }: TomcatParts,
): TemporaryFile['content'] =>
  path.endsWith('/conf/server.xml') && server.tomcat.base === null
    ? text.replaceAll('<Connector port=', `<Connector address="${host}" port=`)
    : bytes

/** Its HttpUpgradeHandler is part of Servlet 3.1. */
const upgradePage = 'upgrade.jsp'
const upgrades = ({ version }: TomcatTool): boolean => !version.startsWith('7.')

/** Cookie names that need no escaping in XML. */
const isToken = /^[\w!#$%'*+.^`|~-]+$/

/** conf/web.xml: other files can override its cookie name. */
const webXml = (cookie: string): string =>
  `<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"><session-config><cookie-config><name>${cookie}</name></cookie-config></session-config></web-app>\n`

/** A Tomcat with the generated files and the application of the lab. */
export const tomcatProcess = (parts: TomcatParts): LabProcess => {
  const { server, port, folder, host, tool, artifacts, webapp, context, sentCookie } = parts
  const base = `${folder}/${server.name}`
  return {
    name: server.name,
    role: 'server',
    title: `Tomcat ${tool.version}`,
    isStandIn: false,
    isUpgradable: upgrades(tool),
    files: [
      ...artifacts.map((artifact) => ({
        path: artifact.path.split('/').slice(2).join('/'),
        content: onLoopback(artifact, parts),
      })),
      ...webapp.map(({ path, content }) => ({
        path: `webapps/${appFolder(context)}/${path}`,
        // Tomcat compiles the pages of web.xml when it starts.
        content: path === upgradePage && !upgrades(tool) ? '' : content,
      })),
      ...ownContext(`webapps/${appFolder(context)}`, artifacts),
      ...(sentCookie !== null && isToken.test(sentCookie)
        ? [{ path: 'conf/web.xml', content: webXml(sentCookie) }]
        : []),
      { path: hostsFile, content: `127.0.0.1 localhost\n${host} lab\n` },
      { path: 'conf/tomcat-users.xml', content: '<tomcat-users/>\n' },
      { path: 'conf/logging.properties', content: logging },
    ],
    folders: ['lib', 'logs', 'temp', 'webapps', 'work'],
    links: Object.fromEntries(
      Object.entries(parts.jars).map(([name, path]) => [`lib/${name}`, path]),
    ),
    preparations: [],
    command: {
      program: '/bin/sh',
      args: ['-c', withSetenv, tool.program, ...javaArgs(base, parts)],
      env: parts.env,
    },
    ready: { ports: [port], line: /Server startup in/, path: context ?? '/' },
    setup: [],
    stop: 'SIGTERM',
    warningPattern: complaint,
    log: null,
  }
}
