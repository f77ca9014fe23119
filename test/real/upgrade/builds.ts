import { chmodSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import { buildEnvironment, lean, type NginxSource } from '../support/build.ts'
import type { Toolchain } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { Host } from './host.ts'

const trouble = fileURLToPath(new URL('./trouble', import.meta.url))

/** nginx 1.22.1 with a module that misbehaves on demand: built once, looked up ever after. */
export interface NewNginx {
  readonly nginx: string
  readonly module: string
  readonly upgrade: (
    host: Host,
    args: readonly string[],
    options?: {
      readonly env?: Readonly<Record<string, string>>
      readonly whileRunning?: Parameters<typeof runCli>[1]['whileRunning']
    },
  ) => Promise<CliResult>
  /** `--resume-upgrade` and the like: nothing is built. */
  readonly goOn: (
    host: Host,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    through?: readonly string[],
  ) => Promise<CliResult>
}

interface Document {
  readonly nginx: string
  readonly sharedObjects: readonly string[]
}

/** Outside of any test: they are there as long as the file is. */
const [cwd, cache] = [tempDir(), tempDir()]
const builds = new Map<string, Promise<NewNginx>>()

const build = async (tools: Toolchain, { tarball }: NginxSource): Promise<NewNginx> => {
  const env = buildEnvironment(tools, cache)
  const what = ['--source', tarball, '-m', `trouble=${trouble}`, '--dynamic']
  const flags = ['--', ...lean, '--prefix=/nonexistent']
  const built = await runCli(['build-nginx', ...what, '--format', 'json', ...flags], { cwd, env })
  if (built.exitCode !== 0) throw new Error(built.stdout + built.stderr)
  const { nginx, sharedObjects }: Document = JSON.parse(built.stdout)
  return {
    nginx,
    module: sharedObjects[0] ?? '',
    upgrade: (host, args, { env: more = {}, whileRunning } = {}) =>
      runCli(['build-nginx', ...what, '--sbin', host.sbin, ...args, ...flags], {
        cwd,
        env: { ...env, ...more },
        ...(whileRunning === undefined ? {} : { whileRunning }),
      }),
    goOn: (host, args, more = {}, through = []) =>
      runCli(['build-nginx', '--sbin', host.sbin, ...args], {
        cwd: through.length === 0 ? cwd : '/',
        env: { ...env, ...more },
        through,
      }),
  }
}

/** For the file that asks for it. */
export const newNginx = (tools: Toolchain, source: NginxSource): Promise<NewNginx> => {
  const known = builds.get(source.tarball) ?? build(tools, source)
  builds.set(source.tarball, known)
  return known
}

/** Takes the right to execute away for the time of some work. */
export const withoutExecution = async <Result>(
  file: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  chmodSync(file, 0o644)
  try {
    return await work()
  } finally {
    chmodSync(file, 0o755)
  }
}

export const bytesOf = (file: string): string => readFileSync(file, 'latin1')
