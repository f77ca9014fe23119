import type { Context } from '../../context.ts'
import type { Tool } from '../../core/validate/check.ts'
import { ToolError } from '../../errors.ts'
import { findProgram, type Program } from '../tools/programs.ts'

/** A program that an option of the command line may name. */
export interface ProgramRequest {
  readonly program: Program
  /** Such as `--nginx`. */
  readonly option: string
  readonly path: string | null
}

/** The environment in which an option counts as the variable of its program. */
const withPath = ({ program, option, path }: ProgramRequest, context: Context) =>
  path === null
    ? { program, context }
    : {
        program: { ...program, variable: option },
        context: { ...context, env: { ...context.env, [option]: path } },
      }

/** null when there is none on this host. @throws ToolError when the one that is named is none. */
export const lookFor = async (asked: ProgramRequest, context: Context): Promise<Tool | null> => {
  const told = withPath(asked, context)
  const found = await findProgram(told.program, told.context)
  return found && { ...found, product: asked.program.product }
}

/** @throws ToolError when there is none. */
export const requireProgram = async (asked: ProgramRequest, context: Context): Promise<Tool> => {
  const found = await lookFor(asked, context)
  if (found !== null) return found
  const { product, remedy } = asked.program
  throw new ToolError(`there is no ${product} on this host`, {
    help: `${remedy}, or name one with ${asked.option}`,
  })
}
