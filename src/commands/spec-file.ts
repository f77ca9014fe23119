import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { IoError, UsageError } from '../errors.ts'

const standardNames = ['sessctl.yaml', 'sessctl.yml'] as const

/** sessctl.yaml or sessctl.yml of the working directory; null if there is neither. */
export const standardSpec = async ({ cwd, files }: Context): Promise<string | null> => {
  for (const name of standardNames) if (await files.exists(resolve(cwd, name))) return name
  return null
}

/**
 * The specs of a command line, named by position or with --file.
 * @throws UsageError when they are named in both ways.
 */
export const namedSpecs = (
  options: readonly string[],
  operands: readonly string[],
): readonly string[] => {
  if (options.length > 0 && operands.length > 0)
    throw new UsageError('the spec is named by position and with --file', {
      help: 'use one of the two',
    })
  return [...options, ...operands]
}

/**
 * The spec of a command line, else the one of the working directory.
 * @throws IoError when none is named and none is there.
 */
export const specFile = async (
  option: string | null,
  operands: readonly string[],
  context: Context,
): Promise<string> => {
  const [named] = namedSpecs(option === null ? [] : [option], operands)
  const found = named ?? (await standardSpec(context))
  if (found !== null) return found
  throw new IoError(`there is no ${standardNames.join(' or ')} in ${context.cwd}`, {
    help: 'name the spec (sessctl generate FILE, or --file FILE), or write one with sessctl init',
  })
}
