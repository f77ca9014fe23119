import { delimiter, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { usedStores } from '../../core/lab/stores.ts'
import type { AppTool, LabTools, PhpTool } from '../../core/lab/tools.ts'
import type { PhpApp, TomcatApp } from '../../core/model/app.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { phpExtensions } from '../../core/needs/packages.ts'
import { ToolError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { plainEnv, programs } from '../tools/programs.ts'
import { isTomcatHome, tomcatFinder } from '../tools/tomcats.ts'
import { findBalancer } from './balancer.ts'
import { lookFor, requireProgram } from './find.ts'
import { findJars } from './jars.ts'
import { findJava } from './java.ts'
import { findSpring } from './spring.ts'

type Args = ArgsOf<typeof labOptions>

/** Needed by the others, where a package of Debian's would have loaded them. */
const requiredByOthers = ['igbinary', 'msgpack']

/** How PHP is made to have the extension of a store. @throws ToolError when it cannot be. */
const phpTool = async (app: PhpApp, args: Args, context: Context): Promise<PhpTool | null> => {
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

/** @throws ToolError when one of them is none: nothing may stand in for what was named. */
const namedTomcats = async (args: Args, context: Context): Promise<readonly string[]> => {
  const homes = args.catalinaHome.map((home) => resolve(context.cwd, home))
  for (const home of homes)
    if (!(await isTomcatHome(home, context)))
      throw new ToolError(`--catalina-home names ${home}, which is no Tomcat`, {
        help: 'name a folder with lib/catalina.jar, as /usr/share/tomcat10 or an unpacked distribution',
      })
  return homes
}

const tomcats = async (args: Args, context: Context) => {
  const homes = await namedTomcats(args, context)
  const java = await findJava(args, context)
  if (java === null) return null
  const known = [...homes, context.env['SESSCTL_TOMCAT'] ?? ''].filter((home) => home !== '')
  const env = { ...context.env, SESSCTL_TOMCAT: known.join(delimiter) }
  return { java, finder: tomcatFinder(java.program, { ...context, env }) }
}

const finder = (cluster: Cluster, args: Args, context: Context) => {
  let asked: ReturnType<typeof tomcats> | null = null
  const tomcat = async (app: TomcatApp, upstream: Upstream): Promise<AppTool> => {
    asked ??= tomcats(args, context)
    const found = await asked
    const [major, minor] = app.version.parts
    const tool = (await found?.finder.find(major, minor)) ?? null
    // Another line of Tomcat has other classes and other features.
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

/** Finds all that a cluster runs. @throws ToolError when something is missing. */
export const findTools = async (
  cluster: Cluster,
  args: Args,
  node: string,
  context: Context,
): Promise<LabTools> => {
  const balancer = await findBalancer(cluster, args, context)
  const findApp = finder(cluster, args, context)
  const apps = new Map<string, AppTool>()
  for (const upstream of cluster.upstreams) apps.set(upstream.name, await findApp(upstream))
  // What nobody reads from is not started: a stand-in keeps its sessions itself.
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
