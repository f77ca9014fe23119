import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, checked } from './check.ts'
import { type RunningServer, run, startServer } from './process.ts'
import type { Server } from './servers.ts'
import { tempDir } from './temp-dir.ts'

/** `apachectl configtest` on a complete httpd.conf around the given text, with these modules. */
export const checkApache = async (
  server: Server,
  config: string,
  modules: readonly string[] = standardModules,
  env: Readonly<Record<string, string>> = {},
): Promise<Check> => {
  const dir = tempDir()
  const command = [server.command, '-t', '-f', stage(dir, config, modules)] as const
  const finished = await run(command, dir, 20_000, env)
  return checked(finished, isComplaint)
}

export interface RunningApache extends RunningServer {
  readonly errorLog: () => string
}

/** Starts httpd in the foreground; it is ready when all `ports` accept connections. */
export const startApache = async (
  server: Server,
  config: string,
  ports: readonly number[],
  modules: readonly string[] = standardModules,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningApache> => {
  const dir = tempDir()
  const command = [server.command, '-D', 'FOREGROUND', '-f', stage(dir, config, modules)] as const
  const running = await startServer(command, { cwd: dir, ports, env })
  return { ...running, errorLog: () => readFileSync(join(dir, 'error.log'), 'utf8') }
}

/** What a distribution's httpd has loaded on a balancer; the paths are relative to the server root. */
const standardModules = [
  'mpm_event',
  'authz_core',
  'alias',
  'env',
  'setenvif',
  'headers',
  'rewrite',
  'proxy',
  'proxy_http',
  'proxy_balancer',
  'slotmem_shm',
  'lbmethod_byrequests',
  'lbmethod_bytraffic',
  'lbmethod_bybusyness',
  'remoteip',
  'socache_shmcb',
  'ssl',
  'status',
]

const stage = (dir: string, config: string, modules: readonly string[]): string => {
  const file = join(dir, 'httpd.conf')
  const text = [
    ...modules.map((name) => `LoadModule ${name}_module modules/mod_${name}.so`),
    // Started by root, httpd runs as nobody; otherwise as the current user.
    process.getuid?.() === 0 ? 'User #65534\nGroup #65534' : '',
    'ServerName localhost',
    `DefaultRuntimeDir ${dir}`,
    `PidFile ${dir}/httpd.pid`,
    `ErrorLog ${dir}/error.log`,
    'StartServers 1',
    config,
    '',
  ].join('\n')
  writeFileSync(file, text)
  return file
}

const isComplaint = (line: string): boolean => line.trim() !== '' && line !== 'Syntax OK'
