import type { Context } from '../../context.ts'
import { ToolError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { type FoundProgram, plainEnv, programs } from '../tools/programs.ts'
import { javaOf } from '../tools/tomcats.ts'
import { lookFor } from './find.ts'

/** The Java of a lab; null when there is none. */
export const findJava = (
  { java }: ArgsOf<typeof labOptions>,
  context: Context,
): Promise<FoundProgram | null> =>
  java === null
    ? javaOf(context)
    : lookFor({ program: programs.java, option: '--java', path: java }, context)

/** One that compiles as well: a JRE may, though most do not. @throws ToolError when it cannot. */
export const needCompiler = async (
  java: FoundProgram | null,
  least: number,
  context: Context,
): Promise<FoundProgram> => {
  const { product, versionArgs, version, remedy } = programs.javac
  const help = `${remedy}, or name another java with --java`
  if (java === null) throw new ToolError('there is no Java on this host', { help })
  const release = Number(/^(?:1\.)?(\d+)/.exec(java.version)?.[1])
  if (release < least)
    throw new ToolError(`${java.program} is Java ${java.version}, and ${least} is needed`, { help })
  const options = { env: plainEnv(context), isIsolated: true }
  const answer = await context.exec.run(java.program, versionArgs, options)
  if (version.test(`${answer?.stdout}\n${answer?.stderr}`)) return java
  throw new ToolError(`${java.program} has no ${product}`, { help })
}
