import { delimiter, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { TomcatTool } from '../../core/validate/tomcat/plan.ts'
import { type FoundProgram, findProgram, plainEnv, programs } from './programs.ts'

/** That of JAVA_HOME before the one on PATH; null when there is none. */
export const javaOf = async (context: Context): Promise<FoundProgram | null> => {
  const home = context.env['JAVA_HOME']
  const isNamed = (context.env[programs.java.variable] ?? '') !== ''
  if (isNamed || home === undefined || home === '') return findProgram(programs.java, context)
  const names = [`${home}/bin/java`, ...programs.java.names]
  return findProgram({ ...programs.java, names }, context)
}

/** Homes that the user names. */
const named = ({ env, cwd }: Context): readonly string[] =>
  [...(env['SESSCTL_TOMCAT'] ?? '').split(delimiter), env['CATALINA_HOME'] ?? '']
    .filter((home) => home !== '')
    .map((home) => resolve(cwd, home))

/** Where packages and people put a Tomcat of a major version. */
const usual = (major: number): readonly string[] => [
  `/usr/share/tomcat${major}`,
  '/usr/share/tomcat',
  `/opt/tomcat${major}`,
  '/opt/tomcat',
  '/usr/local/tomcat',
  `/usr/local/opt/tomcat@${major}/libexec`,
  `/opt/homebrew/opt/tomcat@${major}/libexec`,
]

/** Every Tomcat has it, whoever packaged it. */
export const isTomcatHome = (home: string, { files }: Context): Promise<boolean> =>
  files.exists(`${home}/lib/catalina.jar`)

const ask = async (home: string, java: string, context: Context): Promise<TomcatTool | null> => {
  if (!(await isTomcatHome(home, context))) return null
  const classPath = `${home}/lib/catalina.jar:${home}/bin/tomcat-juli.jar`
  const args = ['-XX:-UsePerfData', '-classpath', classPath, 'org.apache.catalina.util.ServerInfo']
  const options = { env: plainEnv(context), isIsolated: true }
  const answer = (await context.exec.run(java, args, options))?.stdout ?? ''
  const version = /Server number:\s*(\d+\.\d+\.\d+)/.exec(answer)?.[1]
  return version === undefined ? null : { product: 'Tomcat', version, program: java, answer, home }
}

/** Finds Tomcats on this host; each home is asked once. */
export const tomcatFinder = (java: string, context: Context) => {
  const asked = new Map<string, Promise<TomcatTool | null>>()
  const askOnce = (home: string): Promise<TomcatTool | null> => {
    const known = asked.get(home) ?? ask(home, java, context)
    asked.set(home, known)
    return known
  }
  return {
    /** One of that major version, of the same minor one if there is a choice; null when there is none. */
    find: async (major: number, minor: number): Promise<TomcatTool | null> => {
      const found: TomcatTool[] = []
      for (const home of [...named(context), ...usual(major)]) {
        const tool = await askOnce(home)
        if (tool === null) continue
        if (tool.version.startsWith(`${major}.${minor}.`)) return tool
        if (tool.version.startsWith(`${major}.`)) found.push(tool)
      }
      return found[0] ?? null
    },
    /** Those that were found on the way, whatever their version. */
    seen: async (): Promise<readonly TomcatTool[]> =>
      (await Promise.all(asked.values())).filter((tool) => tool !== null),
  }
}
