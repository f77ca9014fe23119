import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { readMinimum, shortage } from '../support/minimum.ts'
import { compileFakeProgram } from './mirror/fake-program.ts'
import { environmentFor, install, type Outcome } from './mirror/install.ts'
import { makeRepository } from './mirror/repository.ts'
import { type Fault, faults, foreignBytes, type Mirror, startMirror } from './mirror/server.ts'
import { findToolchain, withServers } from './support/servers.ts'

/**
 * A kind of package, the file of the mirror that is broken, the sets (RELEASE-SET) that are installed
 * again with it, and what is missing then. All else of these sets must be there.
 */
interface Row {
  readonly file: RegExp
  readonly sets: readonly string[]
  readonly missing: readonly string[]
  /** What comes from another release instead. */
  readonly instead?: readonly string[]
  /** The entries of test/minimum.yaml that CI fails with. */
  readonly below?: readonly string[]
}

const postgres = ['postgresql-15', 'initdb-15', 'psql-15']

/**
 * The rows of each run do not depend on each other, and of a set with several servers one is broken: the
 * others of the set must be there.
 */
const runs: readonly Readonly<Record<string, Row>>[] = [
  {
    nginx: { file: /trixie\/nginx_.*deb$/, sets: ['trixie-native'], missing: ['nginx-1.26'] },
    httpd: {
      file: /bookworm\/apache2-bin_/,
      sets: ['bookworm-native'],
      missing: ['apache2-2.4'],
      instead: ['apache2-2.4'],
    },
    'nginx-dev': {
      file: /sid\/nginx-dev_/,
      sets: ['sid-headers'],
      missing: ['nginx-headers-1.30'],
    },
    "Debian's patches": { file: /trixie\/.*debian\.tar/, sets: ['trixie-source'], missing: [] },
    Tomcat: { file: /libtomcat11-java_/, sets: ['trixie-tomcat11'], missing: ['tomcat-11'] },
    Redis: {
      file: /bookworm\/redis-server_/,
      sets: ['bookworm-stores'],
      missing: ['redis-7.0'],
      instead: ['redis-8.0'],
    },
    'an extension of PHP': {
      file: /bookworm\/php8.2-redis_/,
      sets: ['bookworm-php'],
      missing: ['php-8.2'],
      instead: ['php-8.4'],
    },
    Django: {
      file: /trixie\/python3-django_/,
      sets: ['trixie-django'],
      missing: ['django-4.2'],
      instead: ['django-5.2'],
    },
    Java: {
      file: /trixie\/openjdk-21/,
      sets: ['trixie-java'],
      missing: ['java'],
      instead: ['java'],
    },
    'a compiler': {
      file: /bookworm\/gcc_/,
      sets: ['bookworm-toolchain'],
      missing: ['toolchain'],
      instead: ['toolchain'],
    },
  },
  {
    HAProxy: { file: /trixie\/haproxy_/, sets: ['trixie-native'], missing: ['haproxy-3.0'] },
    'httpd of both releases': {
      file: /apache2-bin_/,
      sets: ['bookworm-native'],
      missing: ['apache2-2.4'],
      below: ['Apache httpd'],
    },
    'the upstream tarball': {
      file: /trixie\/.*orig\.tar/,
      sets: ['trixie-source'],
      missing: ['nginx-source-1.26'],
    },
    memcached: {
      file: /bookworm\/memcached_/,
      sets: ['bookworm-stores'],
      missing: ['memcached-1.6'],
      instead: ['memcached-1.6'],
    },
    'PHP of both releases': {
      file: /php8\.\d-cli_/,
      sets: ['bookworm-php'],
      missing: ['php-8.2', 'php-8.4'],
      below: ['PHP'],
    },
    'Django of both releases': {
      file: /python3-django_/,
      sets: ['trixie-django'],
      missing: ['django-4.2', 'django-5.2'],
      below: ['Django'],
    },
    'the compilers of both releases': {
      file: /\/gcc_/,
      sets: ['bookworm-toolchain'],
      missing: ['toolchain'],
      below: ['compilers'],
    },
  },
  {
    'the C library of one release': {
      file: /trixie\/libc6_/,
      sets: ['trixie-native', 'trixie-source'],
      missing: ['nginx-1.26', 'haproxy-3.0'],
    },
    'the package lists of one release': {
      file: /debian\/dists\/sid\/main\/binary/,
      sets: ['sid-native', 'sid-headers'],
      missing: ['nginx-1.30', 'haproxy-3.2', 'nginx-headers-1.30'],
    },
  },
  {
    'the .dsc of a source': { file: /trixie\/.*\.dsc$/, sets: ['trixie-source'], missing: [] },
    PostgreSQL: {
      file: /postgresql-15_/,
      sets: ['bookworm-stores'],
      missing: postgres,
      instead: ['postgresql-17', 'initdb-17', 'psql-17'],
    },
    'the package lists of updates': {
      file: /security\/dists/,
      sets: ['trixie-native', 'bookworm-stores'],
      missing: [],
    },
  },
]

const reasons: Readonly<Record<Fault, RegExp>> = {
  '404': /404 /,
  '500': /500 /,
  'cut off': /[Cc]onnection|[Uu]nexpected|size|fetch/,
  'wrong hash': /[Hh]ash|unexpected size|fetch/,
}

const needs = { toolchain: findToolchain() }
const dir = mkdtempSync(join(tmpdir(), 'sessctl-mirror-'))
const whole = join(dir, 'whole')
let mirror: Mirror
let env: ReturnType<typeof environmentFor>
let first: Outcome

beforeAll(async () => {
  if ('missing' in needs.toolchain) return
  const repository = await makeRepository(compileFakeProgram(needs.toolchain, dir), dir)
  mirror = await startMirror(repository.files)
  env = environmentFor(dir, mirror.uri, repository.keyring)
  mkdirSync(whole)
  first = await install(whole, env)
}, 240_000)

afterAll(async () => {
  await mirror?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** A cache that has everything but these sets. */
const cacheWithout = (sets: readonly string[]): string => {
  const cache = mkdtempSync(join(dir, 'cache-'))
  cpSync(whole, cache, { recursive: true, verbatimSymlinks: true })
  for (const set of sets) {
    rmSync(join(cache, 'sets', `${set}.tsv`))
    rmSync(join(cache, 'roots', set), { recursive: true })
  }
  return cache
}

const filesWith = (text: string, folder: string): string => {
  try {
    return execFileSync('grep', ['-rl', text, folder], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

withServers(
  needs,
  'a complete mirror: everything is installed, and a second run changes nothing',
  async () => {
    expect(first).toMatchObject({ exitCode: 0, missing: new Map() })
    expect(first.installed.size).toBe(28)
    const again = await install(whole, env)
    expect(again.output).not.toContain('installed  ')
    expect(again).toMatchObject({ exitCode: 0, installed: first.installed, missing: new Map() })
  },
)

const of = <Part>(rows: readonly Row[], part: (row: Row) => readonly Part[] | undefined): Part[] =>
  rows.flatMap((row) => part(row) ?? [])

describe.each(faults)('a mirror that answers with %s', (fault) => {
  for (const kinds of runs) {
    const title = Object.keys(kinds).join(', ')
    const check = async (): Promise<void> => {
      const rows = Object.values(kinds)
      const missing = of(rows, (row) => row.missing)
      const instead = of(rows, (row) => row.instead)
      const cache = cacheWithout([...new Set(of(rows, (row) => row.sets))])
      mirror.breakFiles(new RegExp(rows.map(({ file }) => file.source).join('|')), fault)
      const { exitCode, installed, missing: noted, output } = await install(cache, env)
      mirror.heal()
      expect(exitCode).toBe(0)
      const wanted = [...first.installed.keys()].filter((name) => !missing.includes(name))
      expect([...installed.keys()].sort()).toEqual([...wanted, ...instead].sort())
      // The tools of PostgreSQL are of its package.
      const names = missing.filter((name) => !/^(?:initdb|psql)-/.test(name))
      expect([...noted.keys()].sort()).toEqual([...names].sort())
      for (const [name, reason] of noted) {
        expect(reason, name).toMatch(reasons[fault])
        expect(output.match(new RegExp(`^${name} +missing: `, 'gm'))).toHaveLength(1)
      }
      expect(filesWith(foreignBytes, cache)).toBe('')
      const short = readMinimum()
        .filter(({ of }) => of.flat().some((name) => first.installed.has(name)))
        .filter(
          (one) => shortage(one, (name) => (first.installed.has(name) ? null : name)) === null,
        )
        .flatMap((one) => shortage(one, (name) => (installed.has(name) ? null : name)) ?? [])
      const kindsBelow = short.map((sentence) => sentence.split(':')[0])
      expect(kindsBelow.sort()).toEqual(of(rows, (row) => row.below).sort())
    }
    withServers(needs, title, check, { timeout: 240_000 })
  }
})
