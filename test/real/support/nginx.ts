import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, checked } from './check.ts'
import { type RunningServer, run, startServer } from './process.ts'
import type { Server } from './servers.ts'
import { tempDir } from './temp-dir.ts'

export interface NginxConfig {
  /** What belongs into `http { }`. */
  readonly http: string
  /** What belongs above it, e.g. `load_module` lines. */
  readonly main?: string
}

/** `nginx -t` on a complete nginx.conf around the given text; nothing is read or written elsewhere. */
export const checkNginx = async (server: Server, config: NginxConfig): Promise<Check> => {
  const dir = tempDir()
  return checkNginxFile(server, stage(dir, config), dir)
}

/** `nginx -t` on a complete file. */
export const checkNginxFile = async (server: Server, file: string, dir: string): Promise<Check> => {
  const finished = await run([server.command, ...flags(server), '-t', '-p', dir, '-c', file], dir)
  return checked(finished, isComplaint)
}

/** Starts nginx in the foreground; it is ready when all `ports` accept connections. */
export const startNginx = (
  server: Server,
  config: NginxConfig,
  ports: readonly number[],
): Promise<RunningServer> => {
  const dir = tempDir()
  const file = stage(dir, config)
  const command = [server.command, ...flags(server), '-p', dir, '-c', file] as const
  return startServer(command, { cwd: dir, ports })
}

const stage = (dir: string, { http, main = '' }: NginxConfig): string => {
  mkdirSync(join(dir, 'temp'), { recursive: true })
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const file = join(dir, 'nginx.conf')
  const text = [
    main,
    // Workers of a root master would otherwise run as nobody, which cannot enter this folder.
    process.getuid?.() === 0 ? 'user root;' : '',
    'daemon off;',
    'worker_processes 1;',
    `pid ${dir}/nginx.pid;`,
    'error_log stderr notice;',
    'events { worker_connections 512; }',
    'http {',
    `access_log ${dir}/access.log;`,
    ...temps.map((name) => `${name}_temp_path ${dir}/temp/${name};`),
    http,
    '}',
    '',
  ].join('\n')
  writeFileSync(file, text)
  return file
}

/** -e (since 1.19.5) keeps nginx from opening its compiled-in error log before it reads ours. */
const flags = ({ version }: Server): readonly string[] => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const hasFlag = major > 1 || minor > 19 || (minor === 19 && patch >= 5)
  return hasFlag ? ['-e', 'stderr'] : []
}

/** Everything from [warn] up, except what an nginx without -e says about its compiled-in log. */
const isComplaint = (line: string): boolean =>
  /\[(?:warn|error|crit|alert|emerg)\]/.test(line) &&
  !/\[alert\] could not open error log file: open\(\) "\/var\/log\/nginx\//.test(line)
