import type { Context } from '../context.ts'
import { ToolError } from '../errors.ts'
import { findProgram, type Program, programs } from './tools/programs.ts'

const lineOf = async (program: Program, context: Context): Promise<string> => {
  try {
    const found = await findProgram(program, context)
    return found === null
      ? `${program.product}: not found`
      : `${program.product} ${found.version} (${found.program})`
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    return `${program.product}: ${error.message}`
  }
}

/**
 * For bug reports: the versions of sessctl and Node, the platform, and the servers and tools of this host.
 * @param node the version of Node, such as `v20.19.0`.
 */
export const hostReport = async (
  version: string,
  { node, platform }: { readonly node: string; readonly platform: string },
  context: Context,
): Promise<string> => {
  const lines = [`sessctl ${version}`, `Node ${node.replace(/^v/, '')}, ${platform}`]
  for (const program of Object.values(programs)) lines.push(await lineOf(program, context))
  return lines.map((line) => `${line}\n`).join('')
}
