import { delimiter, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { TomcatTool } from '../../core/validate/tomcat/plan.ts'
import { type FoundProgram, findProgram, plainEnv, programs } from './programs.ts'

/** The Java of JAVA_HOME, otherwise the one on PATH; null if there is none. */
export const javaOf = async (context: Context): Promise<FoundProgram | null> => {
  const home = context.env['JAVA_HOME']
  const isNamed = (context.env[programs.java.variable] ?? '') !== ''
  if (isNamed || home === undefined || home === '') return findProgram(programs.java, context)
  const names = [`${home}/bin/java`, ...programs.java.names]
  return findProgram({ ...programs.java, names }, context)
}

/** Installations that environment variables name. */
const named = ({ env, cwd }: Context): readonly string[] =>
  [...(env['SESSCTL_TOMCAT'] ?? '').split(delimiter), env['CATALINA_HOME'] ?? '']
    .filter((home) => home !== '')
    .map((home) => resolve(cwd, home))

/** The usual folders of a major version. */
const usual = (major: number): readonly string[] => [
  `/usr/share/tomcat${major}`,
  '/usr/share/tomcat',
  `/opt/tomcat${major}`,
  '/opt/tomcat',
  '/usr/local/tomcat',
  `/usr/local/opt/tomcat@${major}/libexec`,
  `/opt/homebrew/opt/tomcat@${major}/libexec`,
]

/** Every package of Tomcat has this file. */
export const isTomcatHome = (home: string, { files }: Context): Promise<boolean> =>
  files.exists(`${home}/lib/catalina.jar`)

const readVersion = async (
  home: string,
  java: string,
  context: Context,
): Promise<TomcatTool | null> => {
  if (!(await isTomcatHome(home, context))) return null
  const classPath = `${home}/lib/catalina.jar:${home}/bin/tomcat-juli.jar`
  const args = ['-XX:-UsePerfData', '-classpath', classPath, 'org.apache.catalina.util.ServerInfo']
  const options = { env: plainEnv(context), isIsolated: true }
  const answer = (await context.exec.run(java, args, options))?.stdout ?? ''
  const version = /Server number:\s*(\d+\.\d+\.\d+)/.exec(answer)?.[1]
  return version === undefined ? null : { product: 'Tomcat', version, program: java, answer, home }
}

/** The version of an installation; null: it does not tell. */
export const tomcatVersion = async (
  home: string,
  java: string,
  context: Context,
): Promise<string | null> => (await readVersion(home, java, context))?.version ?? null

/** Finds installed Tomcats; the version of each is read once. */
export const tomcatFinder = (java: string, context: Context) => {
  const known = new Map<string, Promise<TomcatTool | null>>()
  const versionOf = (home: string): Promise<TomcatTool | null> => {
    const tool = known.get(home) ?? readVersion(home, java, context)
    known.set(home, tool)
    return tool
  }
  return {
    /** A Tomcat of the major version, preferably of the same minor version; null if there is none. */
    find: async (major: number, minor: number): Promise<TomcatTool | null> => {
      const found: TomcatTool[] = []
      for (const home of [...named(context), ...usual(major)]) {
        const tool = await versionOf(home)
        if (tool === null) continue
        if (tool.version.startsWith(`${major}.${minor}.`)) return tool
        if (tool.version.startsWith(`${major}.`)) found.push(tool)
      }
      return found[0] ?? null
    },
    /** All that were found so far. */
    seen: async (): Promise<readonly TomcatTool[]> =>
      (await Promise.all(known.values())).filter((tool) => tool !== null),
  }
}
