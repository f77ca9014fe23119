import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext, type TestOptions, test } from 'vitest'
import { gaps } from '../../../scripts/nginx/places.mjs'
import { withCleanup } from './cleanup.ts'

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
  /** What is not here, and why. */
  readonly missing: string
  /** An install script tried to get it and noted why it could not. */
  readonly isGap: boolean
}

/** The script that brings what has this name in its stamp. */
const scriptFor = (name: string): string => {
  if (name.includes(':')) return 'scripts/fetch-jars'
  if (/^tomcat-(?:7\.0|8\.5)$/.test(name)) return 'scripts/fetch-tomcats'
  if (name === 'crossplane' || name === 'sarif-schema') return `scripts/fetch-${name}`
  return name === 'nginx-source-1.28' ? 'scripts/fetch-nginx-crate' : 'scripts/install-servers'
}

/** What scripts/install-servers takes from another release if the first one is unavailable. */
const standIns: ReadonlyMap<string, string> = new Map([
  ['redis-7.0', 'redis-8.0'],
  ['postgresql-15', 'postgresql-17'],
  ['initdb-15', 'initdb-17'],
  ['psql-15', 'psql-17'],
  ['php-8.2', 'php-8.4'],
  ['django-4.2', 'django-5.2'],
])

/** Anything that an install script brings, by the name in its stamp. */
export const findByName = (name: string): Installed | Missing => {
  const found = inventory()
  const installed = found.get(name) ?? found.get(standIns.get(name) ?? '')
  if (installed !== undefined) return installed
  const known = gaps()
  const reason = known.get(name.replace(/^(?:initdb|psql)-/, 'postgresql-')) ?? known.get('*')
  return reason === undefined
    ? { missing: `${name} is not installed (${scriptFor(name)})`, isGap: false }
    : { missing: `${name} is not installed: ${reason}`, isGap: true }
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
  | 'php-fpm'
  | 'uwsgi'
  | 'django'

/** Looks an installed server up by its major.minor version, e.g. `findServer('nginx', '1.26')`. */
export const findServer = (program: Program, version: string): Server | Missing => {
  const found = findByName(`${program}-${version}`)
  return 'missing' in found ? found : { command: found.path, version: found.version }
}

/** A Tomcat home by its version as people name it: 7.0, 8.5, 9, 10.1, 11. */
export const findTomcat = (version: string): Tomcat | Missing => {
  const found = findByName(`tomcat-${version}`)
  if ('missing' in found) return found
  const java = findByName('java')
  if ('missing' in java) return java
  return { home: found.path, version: found.version, java: java.path }
}

/** The folder of gcc, clang, make, patch and valgrind, to be put at the front of PATH. */
export interface Toolchain {
  readonly bin: string
  /** Of gcc, complete. */
  readonly version: string
}

export const findToolchain = (): Toolchain | Missing => {
  const found = findByName('toolchain')
  return 'missing' in found ? found : { bin: found.path, version: found.version }
}

/** Jars from Maven Central, by their files. */
export interface Jars {
  readonly files: readonly string[]
}

/** Jars by their coordinates, `group:artifact:version`. */
export const findJars = (coordinates: readonly string[]): Jars | Missing => {
  const files: string[] = []
  for (const one of coordinates) {
    const found = findByName(one)
    if ('missing' in found) return found
    files.push(found.path)
  }
  return { files }
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

const isMet = <N extends Needs>(needs: N): needs is N & Met<N> => whyNot(needs) === null

/** Ends a test that cannot run here: skipped where all it lacks are gaps, or outside of CI. */
export const skipWithout = (lacking: readonly Missing[], context: TestContext): void => {
  const reason = lacking.map((one) => one.missing).join('; ')
  // What no script tried to get is a mistake in the test, which would go unnoticed for ever.
  if (isMinimumRequired() && lacking.some(({ isGap }) => !isGap)) expect.fail(reason)
  context.skip(reason)
}

/** As in CI: see test/minimum.yaml. */
export const isMinimumRequired = (): boolean => process.env['SESSCTL_REQUIRE_MINIMUM'] === '1'

/**
 * A test on real servers. Where one is missing it is reported as skipped, with the reason. How much may
 * be missing in CI (SESSCTL_REQUIRE_MINIMUM=1) is for test/real/minimum.test.ts to judge.
 */
export const withServers = <const N extends Needs>(
  needs: N,
  title: string,
  body: (servers: Met<N>, context: TestContext) => Promise<void>,
  options: TestOptions = {},
): void => {
  test(title, options, async (context) => {
    if (isMet(needs)) return withCleanup(context, () => body(needs, context))
    skipWithout(missingOf(needs), context)
  })
}

export interface Installed {
  readonly version: string
  readonly path: string
}

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
