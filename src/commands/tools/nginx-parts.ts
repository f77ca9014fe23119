import { delimiter } from 'node:path'
import type { Context } from '../../context.ts'
import type { NginxTarget } from '../../core/model/target.ts'
import { type NginxBuild, readBuild, withModulesIn } from '../../core/validate/nginx/build.ts'
import { loadablePaths } from '../../core/validate/nginx/plan.ts'
import { type FoundProgram, plainEnv } from './programs.ts'

/** A static nginx with debugging information is 50 MiB. */
const mostBytes = 1024 * 1024 * 1024

export interface NginxParts {
  readonly build: NginxBuild
  /** Absolute paths of the modules that it would load. */
  readonly load: readonly string[]
}

const pathsOf = (program: string, context: Context): readonly string[] =>
  program.includes('/')
    ? [program]
    : (plainEnv(context)['PATH'] ?? '').split(delimiter).map((folder) => `${folder}/${program}`)

/** The bytes of a program; null when they are not to be had. */
const bytesOf = async (program: string, context: Context): Promise<Uint8Array | null> => {
  for (const path of pathsOf(program, context))
    if (await context.files.exists(path))
      return context.files.read(path, mostBytes).catch(() => null)
  return null
}

/** How an nginx was built, and where the modules are that a target wants; null: it does not say. */
export const nginxParts = async (
  target: NginxTarget,
  { program, answer }: FoundProgram,
  context: Context,
): Promise<NginxParts | null> => {
  const said = readBuild(answer)
  if (said === null) return null
  const hasAll = [...target.modules].every((name) => said.modules.has(name))
  // A module whose folder had another name stands in the binary all the same.
  const bytes = hasAll ? null : await bytesOf(program, context)
  const build = bytes === null ? said : withModulesIn(said, bytes)
  const load: string[] = []
  for (const path of loadablePaths(target, build))
    if (await context.files.exists(path)) load.push(path)
  return { build, load }
}
