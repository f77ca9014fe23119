import { cpSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import { type Missing, serversDir, type Toolchain } from './servers.ts'

export interface NginxSource {
  readonly version: string
  readonly tarball: string
}

const releases = { '1.18': 'bullseye', '1.22': 'bookworm', '1.26': 'trixie' } as const
const versions = { '1.18': '1.18.0', '1.22': '1.22.1', '1.26': '1.26.3' } as const

/** The sources of an nginx, as Debian has them; with `.asc` beside 1.18 and 1.26. */
export const findNginxSource = (short: keyof typeof releases): NginxSource | Missing => {
  const folder = join(serversDir(), 'roots', `${releases[short]}-source`)
  const version = versions[short]
  const name = `nginx_${version}.orig.tar.gz`
  try {
    if (readdirSync(folder).includes(name)) return { version, tarball: join(folder, name) }
  } catch {
    // The folder is not there either.
  }
  return {
    missing: `the source of nginx ${version} is not there (scripts/install-servers)`,
    optional: false,
  }
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
