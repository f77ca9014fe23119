import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningServer, startServer } from './process.ts'
import type { Tomcat } from './servers.ts'
import { tempDir } from './temp-dir.ts'

export interface TomcatConfig {
  /** Text, or bytes where the encoding is what matters. */
  readonly serverXml: string | Uint8Array
  /** conf/context.xml; without it the one of the home. */
  readonly contextXml?: string | Uint8Array
  /** WEB-INF/web.xml of the test application; without it there is none. */
  readonly webXml?: string
  /** Further arguments of the JVM, e.g. system properties. */
  readonly jvm?: readonly string[]
}

/** A CATALINA_BASE on disk. It can be started again after a stop, with the sessions it kept. */
export interface TomcatBase {
  readonly tomcat: Tomcat
  readonly dir: string
  readonly jvm: readonly string[]
}

export interface RunningTomcat extends RunningServer {
  readonly lines: () => readonly string[]
  /** Log lines that say: this configuration is not what Tomcat understands. Tomcat runs all the same. */
  readonly warnings: () => readonly string[]
}

/** Lays out a CATALINA_BASE with the test application (`/session.jsp`) as its root. */
export const stageTomcat = (tomcat: Tomcat, config: TomcatConfig): TomcatBase => {
  const dir = tempDir()
  const app = join(dir, 'webapps', 'ROOT')
  for (const part of ['conf', 'logs', 'temp', 'work', 'webapps/ROOT/WEB-INF']) {
    mkdirSync(join(dir, part), { recursive: true })
  }
  for (const name of ['web.xml', 'context.xml', 'catalina.properties', 'tomcat-users.xml']) {
    copyFileSync(join(tomcat.home, 'conf', name), join(dir, 'conf', name))
  }
  appendFileSync(join(dir, 'conf', 'catalina.properties'), unscanned)
  writeFileSync(join(dir, 'conf', 'logging.properties'), logging)
  writeFileSync(join(dir, 'conf', 'server.xml'), config.serverXml)
  if (config.contextXml !== undefined) {
    writeFileSync(join(dir, 'conf', 'context.xml'), config.contextXml)
  }
  copyFileSync(new URL('webapp/session.jsp', import.meta.url), join(app, 'session.jsp'))
  if (config.webXml !== undefined) writeFileSync(join(app, 'WEB-INF', 'web.xml'), config.webXml)
  return { tomcat, dir, jvm: config.jvm ?? [] }
}

/** Starts it in the foreground; ready when it says so and all `ports` accept connections. */
export const startTomcat = async (
  base: TomcatBase,
  ports: readonly number[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningTomcat> => {
  const running = await startServer(commandOf(base), {
    cwd: base.dir,
    ports,
    env,
    deadline: 90_000,
    isReady: (output) => output.includes('Server startup in'),
  })
  const lines = () => running.output().split('\n')
  return { ...running, lines, warnings: () => lines().filter((line) => complaint.test(line)) }
}

/** The server.xml that comes with a Tomcat, on our ports and with a route. */
export const stockServerXml = (tomcat: Tomcat, port: number, route: string): string =>
  readFileSync(join(tomcat.home, 'conf', 'server.xml'), 'utf8')
    .replace('port="8005"', 'port="-1"')
    .replace('<Connector port="8080"', `<Connector port="${port}" address="127.0.0.1"`)
    .replace('defaultHost="localhost">', `defaultHost="localhost" jvmRoute="${route}">`)

/**
 * Tomcat warns and continues where it should refuse; the first four are its ways to say "I do not know
 * this attribute, value or element" from 7.0 to 11, SEVERE is for what did not start at all.
 */
const complaint =
  /did not find a matching property|failed to set property|No rules found matching|InvocationTargetException|\bSEVERE\b/

/** One line a record, to the console only. */
const logging = `handlers = java.util.logging.ConsoleHandler
.handlers = java.util.logging.ConsoleHandler
java.util.logging.ConsoleHandler.level = INFO
java.util.logging.ConsoleHandler.formatter = org.apache.juli.OneLineFormatter
`

/** As bin/catalina.sh: bin/setenv.sh first, where there is one. */
const withSetenv =
  'CATALINA_BASE=$PWD; if [ -r ./bin/setenv.sh ]; then . ./bin/setenv.sh; fi; exec "$0" $CATALINA_OPTS "$@"'

/**
 * The pages use no tag libraries. Of each application that starts, Debian's Tomcats would search all their
 * jars for them.
 */
const unscanned = `
tomcat.util.scan.DefaultJarScanner.jarsToSkip=*
tomcat.util.scan.StandardJarScanFilter.jarsToSkip=*
`

/** What bin/catalina.sh would run, with a small and quickly started JVM. */
const commandOf = ({ tomcat, dir, jvm }: TomcatBase) => {
  const { home, java } = tomcat
  const opened = ['java.lang', 'java.lang.reflect', 'java.io', 'java.util', 'java.util.concurrent']
  return [
    '/bin/sh',
    '-c',
    withSetenv,
    java,
    '-Xmx96m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED',
    '-Djava.security.egd=file:/dev/urandom',
    '-Djava.awt.headless=true',
    '-Duser.language=en',
    '-Duser.country=US',
    `-Djava.io.tmpdir=${dir}/temp`,
    `-Djava.util.logging.config.file=${dir}/conf/logging.properties`,
    '-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager',
    `-Dcatalina.home=${home}`,
    `-Dcatalina.base=${dir}`,
    ...jvm,
    '-classpath',
    `${home}/bin/bootstrap.jar:${home}/bin/tomcat-juli.jar`,
    'org.apache.catalina.startup.Bootstrap',
    'start',
  ] as const
}
