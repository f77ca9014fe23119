import { delimiter } from 'node:path'
import type { Context } from '../../context.ts'
import type { NginxTarget } from '../../core/model/target.ts'
import { type NginxBuild, readBuild, withModulesIn } from '../../core/validate/nginx/build.ts'
import { loadablePaths } from '../../core/validate/nginx/plan.ts'
import { type FoundProgram, plainEnv } from './programs.ts'

/** A static nginx with debugging information has 50 MiB. */
const mostBytes = 1024 * 1024 * 1024

export interface NginxParts {
  readonly build: NginxBuild
  /** Absolute paths of the dynamic modules to load. */
  readonly load: readonly string[]
}

const pathsOf = (program: string, context: Context): readonly string[] =>
  program.includes('/')
    ? [program]
    : (plainEnv(context)['PATH'] ?? '').split(delimiter).map((folder) => `${folder}/${program}`)

/** null if the file cannot be read. */
const bytesOf = async (program: string, context: Context): Promise<Uint8Array | null> => {
  for (const path of pathsOf(program, context))
    if (await context.files.exists(path))
      return context.files.read(path, mostBytes).catch(() => null)
  return null
}

/** How an nginx was built, and the modules of the target; null if `nginx -V` does not print it. */
export const nginxParts = async (
  target: NginxTarget,
  { program, answer }: FoundProgram,
  context: Context,
): Promise<NginxParts | null> => {
  const printed = readBuild(answer)
  if (printed === null) return null
  const hasAll = [...target.modules].every((name) => printed.modules.has(name))
  // A module that was built in a folder with another name is still found in the binary.
  const bytes = hasAll ? null : await bytesOf(program, context)
  const build = bytes === null ? printed : withModulesIn(printed, bytes)
  const load: string[] = []
  for (const path of loadablePaths(target, build))
    if (await context.files.exists(path)) load.push(path)
  return { build, load }
}
