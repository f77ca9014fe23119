import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

/** Where scripts/install-servers puts the real servers. */
export const serversFolder = (): string =>
  env['SESSCTL_SERVERS'] ??
  join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sessctl/servers')

/** The program of an installed server, such as "nginx-1.30"; a test that needs it fails without it. */
export const serverProgram = (name: string): string => {
  const program = join(serversFolder(), 'bin', name)
  if (!existsSync(program)) {
    throw new Error(`no ${name} at ${program}: run scripts/install-servers first`)
  }
  return program
}
