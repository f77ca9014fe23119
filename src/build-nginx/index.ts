/** The door of build-nginx: the rest of sessctl imports this file only. */
import type { BuildWorld } from './ports/build.ts'

export { abi } from './abi-command.ts'
export { buildNginx } from './command.ts'
export type { BuildWorld } from './ports/build.ts'

/** This host, for commands that build. Loaded when it is needed. */
export const buildWorld = async (
  packageFolder: string,
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BuildWorld> =>
  (await import('./adapters/index.ts')).buildWorld(packageFolder, signal, env)
