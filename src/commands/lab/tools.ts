import { delimiter, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { bootVersionIn, isOfLine, leastJavaOf, unfitJars } from '../../core/lab/spring-jars.ts'
import { usedStores } from '../../core/lab/stores.ts'
import type {
  AppTool,
  Jars,
  LabApplications,
  LabTools,
  PhpTool,
  TextFile,
} from '../../core/lab/tools.ts'
import type { PhpApp, SpringApp, TomcatApp } from '../../core/model/app.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { jarsNeeded } from '../../core/needs/index.ts'
import { phpExtensions } from '../../core/needs/packages.ts'
import { sha256Of } from '../../core/output/manifest.ts'
import { ToolError } from '../../errors.ts'
import { plainEnv, programs } from '../tools/programs.ts'
import { isTomcatHome, tomcatFinder } from '../tools/tomcats.ts'
import {
  findBalancer,
  findJava,
  lookFor,
  needCompiler,
  type ProgramArgs,
  requireProgram,
} from './programs.ts'

/** The applications that the servers of a lab run. */
export const readApplications = async (
  packageFolder: string,
  { files }: Context,
): Promise<LabApplications> => {
  const folder = `${packageFolder}/templates/lab`
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await files.read(`${folder}/${path}`))
  const texts = (below: string, paths: readonly string[]): Promise<readonly TextFile[]> =>
    Promise.all(paths.map(async (path) => ({ path, content: await text(`${below}/${path}`) })))
  return {
    tomcat: await texts('tomcat', ['session.jsp', 'upgrade.jsp', 'WEB-INF/web.xml']),
    spring: await texts('spring', ['Lab.java', 'Needed.java', 'META-INF/spring.factories']),
    php: await texts('php', ['index.php']),
    django: await texts('django', ['__init__.py', 'settings.py', 'urls.py']),
    sessionServer: await text('session-server.mjs'),
  }
}

/** The largest jar of a session store has 40 MiB. */
const mostBytes = 1024 * 1024 * 1024

const fetched = 'run sessctl generate --fetch-libs FOLDER, and name the folder with --libs'

/** The verified jars of an upstream's session store. @throws ToolError if one is missing. */
export const findJars = async (
  cluster: Cluster,
  upstream: Upstream,
  libs: string | null,
  { cwd, files }: Context,
): Promise<Jars> => {
  const needs = jarsNeeded({ ...cluster, upstreams: [upstream] })
  if (needs.length === 0) return {}
  if (libs === null) {
    const names = needs.map(({ coordinates }) => coordinates).join(', ')
    throw new ToolError(`the session store of upstream "${upstream.name}" needs jars: ${names}`, {
      help: fetched,
    })
  }
  const jars: Record<string, string> = {}
  for (const { file, sha256 } of needs) {
    const path = resolve(cwd, libs, file)
    if (!(await files.exists(path)))
      throw new ToolError(`there is no ${file} in ${libs}`, { help: fetched })
    if (sha256 !== null && sha256Of(await files.read(path, mostBytes)) !== sha256)
      throw new ToolError(`${path} has another sha256 than the released ${file}`, { help: fetched })
    jars[file] = path
  }
  return jars
}

/** The jars of a Spring Boot application. */
interface Boot {
  /** As it was named. */
  readonly folder: string
  readonly version: string
  readonly jars: Jars
}

const readBoot = async (folder: string, { cwd, files }: Context): Promise<Boot> => {
  const path = resolve(cwd, folder)
  const names = (await files.list(path)).filter((name) => name.endsWith('.jar'))
  const version = bootVersionIn(names)
  if (version === null)
    throw new ToolError(`${folder} has no spring-boot jar`, {
      help: 'name the folder with all jars of an application, such as BOOT-INF/lib of its unpacked jar',
    })
  const jars = Object.fromEntries(names.map((name) => [name, `${path}/${name}`]))
  return { folder, version, jars }
}

/** null if no option names a Spring Boot of the application's release line. */
export const findSpring = async (
  app: SpringApp,
  args: ProgramArgs,
  context: Context,
): Promise<AppTool> => {
  const boots = await Promise.all(args.springBoot.map((folder) => readBoot(folder, context)))
  const boot = boots.find(({ version }) => isOfLine(version, app))
  if (boot === undefined) return null
  const { folder, version, jars } = boot
  const problem = unfitJars(app, Object.keys(jars))
  if (problem !== null)
    throw new ToolError(`${folder}: ${problem}`, {
      help: 'name the jars of an application that uses the session store of the spec',
    })
  const java = await needCompiler(await findJava(args, context), leastJavaOf(version), context)
  return { runtime: 'spring', tool: { ...java, product: 'Spring Boot', version }, jars }
}

/** Extensions that others depend on; Debian's packages load them first. */
const requiredByOthers = ['igbinary', 'msgpack']

/** PHP with the extensions of the session store. @throws ToolError if one is missing. */
const phpTool = async (
  app: PhpApp,
  args: ProgramArgs,
  context: Context,
): Promise<PhpTool | null> => {
  const tool = await lookFor({ program: programs.php, option: '--php', path: args.php }, context)
  if (tool === null) return null
  const wanted = phpExtensions(app)
  for (const extensions of [[], wanted, [...requiredByOthers, ...wanted]]) {
    const flags = extensions.flatMap((name) => ['-d', `extension=${name}.so`])
    const options = { env: plainEnv(context), isIsolated: true }
    const said = await context.exec.run(tool.program, [...flags, '-m'], options)
    const has = (name: string): boolean => new RegExp(`^${name}$`, 'm').test(said?.stdout ?? '')
    if (wanted.every(has)) return { ...tool, extensions: extensions.filter(has) }
  }
  throw new ToolError(`PHP ${tool.version} lacks the extension ${wanted.join(', ')}`, {
    help: `install the package ${wanted.map((name) => `php-${name}`).join(', ')}`,
  })
}

/** @throws ToolError for a folder that is not a Tomcat: a named one is never replaced. */
const namedTomcats = async (args: ProgramArgs, context: Context): Promise<readonly string[]> => {
  const homes = args.catalinaHome.map((home) => resolve(context.cwd, home))
  for (const home of homes)
    if (!(await isTomcatHome(home, context)))
      throw new ToolError(`--catalina-home ${home} is not a Tomcat installation`, {
        help: 'name a folder with lib/catalina.jar, such as /usr/share/tomcat10 or an unpacked distribution',
      })
  return homes
}

const tomcats = async (args: ProgramArgs, context: Context) => {
  const homes = await namedTomcats(args, context)
  const java = await findJava(args, context)
  if (java === null) return null
  const known = [...homes, context.env['SESSCTL_TOMCAT'] ?? ''].filter((home) => home !== '')
  const env = { ...context.env, SESSCTL_TOMCAT: known.join(delimiter) }
  return { java, finder: tomcatFinder(java.program, { ...context, env }) }
}

const finder = (cluster: Cluster, args: ProgramArgs, context: Context) => {
  let asked: ReturnType<typeof tomcats> | null = null
  const tomcat = async (app: TomcatApp, upstream: Upstream): Promise<AppTool> => {
    asked ??= tomcats(args, context)
    const found = await asked
    const [major, minor] = app.version.parts
    const tool = (await found?.finder.find(major, minor)) ?? null
    // Release lines differ in classes and features.
    if (found === null || tool === null || !tool.version.startsWith(`${major}.${minor}.`))
      return null
    const jars = await findJars(cluster, upstream, args.libs, context)
    return { runtime: 'tomcat', tool: { ...tool, answer: found.java.answer }, jars }
  }
  return async (upstream: Upstream): Promise<AppTool> => {
    const { app } = upstream
    switch (app.runtime) {
      case 'tomcat':
        return tomcat(app, upstream)
      case 'spring':
        return findSpring(app, args, context)
      case 'php': {
        const tool = await phpTool(app, args, context)
        return tool && { runtime: 'php', tool }
      }
      case 'django': {
        const asked = { program: programs.django, option: '--python', path: args.python }
        const tool = await lookFor(asked, context)
        return tool && { runtime: 'django', tool }
      }
      default:
        return null
    }
  }
}

/** Finds the programs of a cluster. @throws ToolError if one is missing. */
export const findTools = async (
  cluster: Cluster,
  args: ProgramArgs,
  node: string,
  context: Context,
): Promise<LabTools> => {
  const balancer = await findBalancer(cluster, args, context)
  const findApp = finder(cluster, args, context)
  const apps = new Map<string, AppTool>()
  for (const upstream of cluster.upstreams) apps.set(upstream.name, await findApp(upstream))
  // A stand-in keeps its sessions itself: its store is not started.
  const served = cluster.upstreams.filter(({ name }) => apps.get(name) !== null)
  const kinds = new Set(usedStores({ ...cluster, upstreams: served }).map(({ kind }) => kind))
  const has = (kind: 'redis' | 'memcached' | 'jdbc'): boolean => kinds.has(kind)
  const option = (name: 'redis' | 'memcached' | 'postgres' | 'initdb') => ({
    program: programs[name],
    option: `--${name}`,
    path: args[name],
  })
  return {
    balancer,
    appOf: ({ name }) => apps.get(name) ?? null,
    redis: has('redis') ? await requireProgram(option('redis'), context) : null,
    memcached: has('memcached') ? await requireProgram(option('memcached'), context) : null,
    postgres: has('jdbc')
      ? {
          ...(await requireProgram(option('postgres'), context)),
          initdb: (await requireProgram(option('initdb'), context)).program,
        }
      : null,
    node,
  }
}
