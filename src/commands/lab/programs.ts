import type { Context } from '../../context.ts'
import type { Balancer } from '../../core/lab/balancer.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { NginxTarget, Target } from '../../core/model/target.ts'
import type { Tool } from '../../core/validate/check.ts'
import { ToolError, UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { nginxParts } from '../tools/nginx-parts.ts'
import {
  type FoundProgram,
  findProgram,
  nginxProgram,
  type Program,
  plainEnv,
  programs,
} from '../tools/programs.ts'
import { javaOf } from '../tools/tomcats.ts'

/** The options that name the programs of a lab. */
export type ProgramArgs = Pick<
  ArgsOf<typeof labOptions>,
  | 'target'
  | 'nginx'
  | 'haproxy'
  | 'httpd'
  | 'catalinaHome'
  | 'springBoot'
  | 'java'
  | 'php'
  | 'python'
  | 'redis'
  | 'memcached'
  | 'postgres'
  | 'initdb'
  | 'libs'
>

/** A program, and the option that can name it. */
export interface ProgramRequest {
  readonly program: Program
  /** Such as `--nginx`. */
  readonly option: string
  readonly path: string | null
}

/** With the option in the place of the program's environment variable. */
const withPath = ({ program, option, path }: ProgramRequest, context: Context) =>
  path === null
    ? { program, context }
    : {
        program: { ...program, variable: option },
        context: { ...context, env: { ...context.env, [option]: path } },
      }

/** null if it is not installed. @throws ToolError if the option names something else. */
export const lookFor = async (asked: ProgramRequest, context: Context): Promise<Tool | null> => {
  const named = withPath(asked, context)
  const found = await findProgram(named.program, named.context)
  return found && { ...found, product: asked.program.product }
}

/** @throws ToolError if it is not installed. */
export const requireProgram = async (asked: ProgramRequest, context: Context): Promise<Tool> => {
  const found = await lookFor(asked, context)
  if (found !== null) return found
  const { product, remedy, variable } = asked.program
  throw new ToolError(`${product} was not found`, {
    help: `${remedy}, or name it in the environment variable ${variable}`,
  })
}

/** null if no Java is installed. */
export const findJava = ({ java }: ProgramArgs, context: Context): Promise<FoundProgram | null> =>
  java === null
    ? javaOf(context)
    : lookFor({ program: programs.java, option: '--java', path: java }, context)

/** @throws ToolError if the Java is missing, older than `least` or has no compiler. */
export const needCompiler = async (
  java: FoundProgram | null,
  least: number,
  context: Context,
): Promise<FoundProgram> => {
  const { product, versionArgs, version, remedy } = programs.javac
  const help = `${remedy}, or name another java with --java`
  if (java === null) throw new ToolError('Java was not found', { help })
  const release = Number(/^(?:1\.)?(\d+)/.exec(java.version)?.[1])
  if (release < least)
    throw new ToolError(
      `${java.program} is Java ${java.version}: Java ${least} or later is required`,
      { help },
    )
  const options = { env: plainEnv(context), isIsolated: true }
  const answer = await context.exec.run(java.program, versionArgs, options)
  if (version.test(`${answer?.stdout}\n${answer?.stderr}`)) return java
  throw new ToolError(`${java.program} has no ${product}`, { help })
}

const nginx = async (
  target: NginxTarget,
  args: ProgramArgs,
  context: Context,
): Promise<Balancer> => {
  const program = nginxProgram(target.flavor)
  const tool = await requireProgram({ program, option: '--nginx', path: args.nginx }, context)
  const parts = await nginxParts(target, tool, context)
  if (parts === null)
    throw new ToolError(`${tool.program} -V does not print its configure arguments`)
  return { target, tool: { ...tool, product: parts.build.product }, ...parts }
}

/** @throws UsageError if the spec has no such target. */
const chosenTarget = ({ targets }: Cluster, wanted: string): Target => {
  const found = wanted === 'first' ? targets[0] : targets.find(({ dialect }) => dialect === wanted)
  if (found !== undefined) return found
  throw new UsageError(
    wanted === 'first' ? 'the spec has no targets' : `the spec has no target ${wanted}`,
    { help: 'add it to `targets`' },
  )
}

/** The balancer of the lab. @throws ToolError if it is not installed. */
export const findBalancer = async (
  cluster: Cluster,
  args: ProgramArgs,
  context: Context,
): Promise<Balancer> => {
  const target = chosenTarget(cluster, args.target)
  switch (target.dialect) {
    case 'nginx':
      return nginx(target, args, context)
    case 'haproxy': {
      const asked = { program: programs.haproxy, option: '--haproxy', path: args.haproxy }
      return { target, tool: await requireProgram(asked, context) }
    }
    case 'httpd': {
      const asked = { program: programs.httpd, option: '--httpd', path: args.httpd }
      const modulesFolder = context.env['SESSCTL_HTTPD_MODULES'] || null
      return { target, tool: await requireProgram(asked, context), modulesFolder }
    }
  }
}
