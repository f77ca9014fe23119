import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findSource } from '../../module/support/sources.ts'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import type { Missing, Toolchain } from './servers.ts'

export interface NginxSource {
  readonly version: string
  readonly tarball: string
}

/** The source of an nginx, as Debian has it. */
export const findNginxSource = (short: '1.18' | '1.22' | '1.26'): NginxSource | Missing =>
  findSource(short)

/** The same with its `.asc`, which not every source package has and not every mirror gives. */
export const findSignedSource = (short: '1.18' | '1.26'): NginxSource | Missing => {
  const source = findSource(short)
  if ('missing' in source || existsSync(`${source.tarball}.asc`)) return source
  return { missing: `no signature came with the source of nginx ${source.version}`, isGap: true }
}

/** Enough for the smoke test, and little to compile. */
export const lean = [
  '--with-cc-opt=-O0',
  '--without-http_charset_module',
  '--without-http_ssi_module',
  '--without-http_userid_module',
  '--without-http_mirror_module',
  '--without-http_autoindex_module',
  '--without-http_fastcgi_module',
  '--without-http_uwsgi_module',
  '--without-http_scgi_module',
  '--without-http_memcached_module',
  '--without-http_grpc_module',
  '--without-http_gzip_module',
]

export interface Document {
  readonly folder: string
  readonly build: string | null
  readonly nginx: string | null
  readonly sharedObjects: readonly string[]
  readonly sha256: Readonly<Record<string, string>>
  readonly seen: readonly string[]
  readonly packages: readonly { readonly path: string; readonly sha256: string }[]
  readonly configure: readonly string[]
  readonly routes: string | null
  readonly removedFlags: readonly { readonly flag: string }[]
  readonly inputs: readonly { readonly name: string; readonly verified: { readonly how: string } }[]
  readonly patches: readonly { readonly name: string; readonly state: string }[]
  readonly steps: readonly {
    readonly step: string
    readonly isCached: boolean
    readonly log: string | null
  }[]
}

export interface Built extends CliResult {
  /** Null when it failed. */
  readonly document: Document | null
}

/** `sessctl build-nginx` with the tests' own compilers, in a folder with a cache of its own. */
export const buildNginx = async (
  args: readonly string[],
  {
    cwd,
    toolchain,
    cache,
  }: { readonly cwd: string; readonly toolchain: Toolchain; readonly cache: string },
): Promise<Built> => {
  const result = await runCli(
    [
      'build-nginx',
      ...args.flatMap((arg) => (arg === '--' ? ['--format', 'json', '--'] : [arg])),
      ...(args.includes('--') ? [] : ['--format', 'json']),
    ],
    {
      cwd,
      env: buildEnvironment(toolchain, cache),
    },
  )
  const document = result.exitCode === 0 ? (JSON.parse(result.stdout) as Document) : null
  return { ...result, document }
}

export const buildEnvironment = ({ bin }: Toolchain, cache: string) => ({
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  SESSCTL_CACHE: cache,
})

export const logOf = ({ document }: Built, step: string): string => {
  const log = document?.steps.find((one) => one.step === step)?.log
  return log == null ? '' : readFileSync(log, 'utf8')
}

/** Objects that a compile step made. */
export const compiled = (built: Built): readonly string[] =>
  [...logOf(built, 'compile').matchAll(/-o (objs\/\S+\.o)\b/g)].map(([, name = '']) => name)

/** Processes that work below a folder. */
export const workingBelow = (folder: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
      } catch {
        return false
      }
    })

/** A copy of our module, to be changed. */
export const copyModule = (to: string): string => {
  cpSync(fileURLToPath(new URL('../../../module', import.meta.url)), to, { recursive: true })
  return to
}
