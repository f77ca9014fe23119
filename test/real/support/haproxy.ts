import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, checked } from './check.ts'
import { type RunningServer, run, startServer } from './process.ts'
import type { Server } from './servers.ts'
import { tempDir } from './temp-dir.ts'

/** `haproxy -c` on a complete configuration. */
export const checkHaproxy = async (server: Server, config: string): Promise<Check> => {
  const dir = tempDir()
  const finished = await run([server.command, '-c', '-f', stage(dir, config)], dir)
  return checked(finished, isComplaint)
}

/** Starts HAProxy in the foreground; it is ready when all `ports` accept connections. */
export const startHaproxy = (
  server: Server,
  config: string,
  ports: readonly number[],
): Promise<RunningServer> => {
  const dir = tempDir()
  return startServer([server.command, '-db', '-f', stage(dir, config)], { cwd: dir, ports })
}

const stage = (dir: string, config: string): string => {
  const file = join(dir, 'haproxy.cfg')
  writeFileSync(file, config)
  return file
}

const isComplaint = (line: string): boolean => /\[(?:WARNING|ALERT)\]/.test(line)
