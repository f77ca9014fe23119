import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { bootVersionIn, isOfLine, leastJavaOf, unfitJars } from '../../core/lab/spring-jars.ts'
import type { AppTool, Jars } from '../../core/lab/tools.ts'
import type { SpringApp } from '../../core/model/app.ts'
import { ToolError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { findJava, needCompiler } from './java.ts'

/** A Spring Boot with what else its application has. */
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
    throw new ToolError(`there is no Spring Boot in ${folder}`, {
      help: 'name the folder of all jars of an application, such as BOOT-INF/lib of its unpacked jar',
    })
  const jars = Object.fromEntries(names.map((name) => [name, `${path}/${name}`]))
  return { folder, version, jars }
}

/** What runs an application of Spring Boot; null: nobody named a Spring Boot of its line. */
export const findSpring = async (
  app: SpringApp,
  args: ArgsOf<typeof labOptions>,
  context: Context,
): Promise<AppTool> => {
  const boots = await Promise.all(args.springBoot.map((folder) => readBoot(folder, context)))
  const boot = boots.find(({ version }) => isOfLine(version, app))
  if (boot === undefined) return null
  const { folder, version, jars } = boot
  const problem = unfitJars(app, Object.keys(jars))
  if (problem !== null)
    throw new ToolError(`${folder}: ${problem}`, {
      help: 'name the jars of an application that keeps its sessions where the spec says',
    })
  const java = await needCompiler(await findJava(args, context), leastJavaOf(version), context)
  return { runtime: 'spring', tool: { ...java, product: 'Spring Boot', version }, jars }
}
