import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext, type TestOptions, test } from 'vitest'

/** A program, as `scripts/install-servers` installed it. */
export interface Server {
  readonly command: string
  /** Complete, e.g. 1.26.3. */
  readonly version: string
}

export interface Tomcat {
  /** A CATALINA_HOME. */
  readonly home: string
  readonly version: string
  readonly java: string
}

export interface Missing {
  readonly missing: string
  /** From a registry that not every machine reaches. */
  readonly optional: boolean
}

export type Program =
  | 'nginx'
  | 'haproxy'
  | 'apache2'
  | 'redis'
  | 'memcached'
  | 'postgresql'
  | 'initdb'
  | 'psql'
  | 'php'
  | 'django'

/** Looks an installed server up by its major.minor version, e.g. `findServer('nginx', '1.26')`. */
export const findServer = (program: Program, version: string): Server | Missing => {
  const name = `${program}-${version}`
  const installed = inventory().get(name)
  return installed === undefined
    ? { missing: `${name} is not installed (scripts/install-servers)`, optional: false }
    : { command: installed.path, version: installed.version }
}

/** A Tomcat home by its version as people name it: 7.0, 8.5, 9, 10.1, 11. */
export const findTomcat = (version: string): Tomcat | Missing => {
  const name = `tomcat-${version}`
  const optional = ['7.0', '8.5'].includes(version)
  const script = optional ? 'scripts/fetch-tomcats' : 'scripts/install-servers'
  const installed = inventory().get(name)
  if (installed === undefined) return { missing: `${name} is not installed (${script})`, optional }
  const java = inventory().get('java')
  if (java === undefined) {
    return { missing: `no java for ${name} (scripts/install-servers)`, optional: false }
  }
  return { home: installed.path, version: installed.version, java: java.path }
}

/** The folder of gcc, clang, make, patch and valgrind, to be put at the front of PATH. */
export interface Toolchain {
  readonly bin: string
  /** Of gcc, complete. */
  readonly version: string
}

export const findToolchain = (): Toolchain | Missing => {
  const installed = findInstalled('toolchain')
  return installed === undefined
    ? { missing: 'no toolchain is installed (scripts/install-servers)', optional: false }
    : { bin: installed.path, version: installed.version }
}

/** Jars from Maven Central, by their files. */
export interface Jars {
  readonly files: readonly string[]
}

/** Jars by their coordinates, `group:artifact:version`. */
export const findJars = (coordinates: readonly string[]): Jars | Missing => {
  const installed = inventory()
  const missing = coordinates.find((one) => !installed.has(one))
  return missing === undefined
    ? { files: coordinates.map((one) => installed.get(one)?.path ?? '') }
    : { missing: `${missing} is not installed (scripts/fetch-jars)`, optional: true }
}

type Needs = Readonly<Record<string, object | Missing>>
type Met<N extends Needs> = { readonly [K in keyof N]: Exclude<N[K], Missing> }

const missingOf = (needs: Needs): Missing[] =>
  Object.values(needs).filter((need): need is Missing => 'missing' in need)

/** Why a test with these needs cannot run here; null when it can. */
export const whyNot = (needs: Needs): string | null => {
  const missing = missingOf(needs)
  return missing.length === 0 ? null : missing.map((need) => need.missing).join('; ')
}

const isRequired = ({ optional }: Missing): boolean =>
  process.env[optional ? 'SESSCTL_REQUIRE_MAVEN' : 'SESSCTL_REQUIRE_SERVERS'] === '1'

const isMet = <N extends Needs>(needs: N): needs is N & Met<N> => whyNot(needs) === null

/**
 * A test on real servers. Where one is missing it is reported as skipped, with the reason; with
 * SESSCTL_REQUIRE_SERVERS=1, for those from other registries SESSCTL_REQUIRE_MAVEN=1 (both as in CI), it
 * fails instead, so that no check goes away unnoticed.
 */
export const withServers = <const N extends Needs>(
  needs: N,
  title: string,
  body: (servers: Met<N>, context: TestContext) => Promise<void>,
  options: TestOptions = {},
): void => {
  test(title, options, async (context) => {
    if (isMet(needs)) return body(needs, context)
    const reason = whyNot(needs) ?? ''
    if (missingOf(needs).some(isRequired)) expect.fail(reason)
    context.skip(reason)
  })
}

export interface Installed {
  readonly version: string
  readonly path: string
}

/** Anything that an install script put into its folder, by the name in its stamp. */
export const findInstalled = (name: string): Installed | undefined => inventory().get(name)

/** The folder of `scripts/install-servers`. */
export const serversDir = (): string =>
  process.env['SESSCTL_SERVERS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sessctl', 'servers')

/** What the stamps of the install scripts say is there: "name version release path" a line. */
const inventory = (): ReadonlyMap<string, Installed> => {
  const dir = serversDir()
  const stamps = join(dir, 'sets')
  const found = new Map<string, Installed>()
  if (!existsSync(stamps)) return found
  for (const file of readdirSync(stamps).filter((name) => name.endsWith('.tsv'))) {
    for (const line of readFileSync(join(stamps, file), 'utf8').split('\n')) {
      const [name, version, , path] = line.split('\t')
      if (name === undefined || version === undefined || path === undefined) continue
      found.set(name, { version, path: join(dir, path) })
    }
  }
  return found
}
