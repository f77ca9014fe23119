import { createHash } from 'node:crypto'
import type { PackageEntry } from './entries.ts'
import { isBelow, type Layout } from './layout.ts'

export interface DebFacts {
  readonly name: string
  readonly version: string
  /** EM_… of the ELF file. */
  readonly machine: number
  readonly depends: readonly string[]
  readonly summary: string
  readonly details: readonly string[]
}

/** What dpkg calls the machines of ELF files (little-endian, hard float). */
const architectures: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips64el',
  21: 'ppc64el',
  22: 's390x',
  40: 'armhf',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}

/** @returns null for a machine that Debian has no name for here. */
export const architectureOf = (machine: number): string | null => architectures[machine] ?? null

export const packageName = (target: 'nginx' | 'modules', modules: readonly string[]): string => {
  if (target === 'nginx') return 'nginx-sessctl'
  const [only] = modules
  const name = modules.length === 1 ? (only ?? '') : 'modules'
  return `nginx-sessctl-${name.toLowerCase().replace(/[^a-z0-9+.-]+/g, '-')}`
}

/** Packages of Debian's that have the same files; a build below a prefix of its own meets none. */
const rivals = ['nginx', 'nginx-common', 'nginx-core', 'nginx-full', 'nginx-light', 'nginx-extras']

const relations = (entries: readonly PackageEntry[], name: string): readonly string[] => {
  const meets = entries.some(({ path }) => path === 'usr/sbin/nginx' || path === 'etc/nginx')
  if (!meets || name !== 'nginx-sessctl') return []
  return ['Provides: httpd', `Conflicts: ${rivals.join(', ')}`, `Replaces: ${rivals.join(', ')}`]
}

const bytesOf = ({ content }: PackageEntry): number => content?.length ?? 4096

/** The text of `control`. */
export const controlText = (
  facts: DebFacts,
  architecture: string,
  entries: readonly PackageEntry[],
): string =>
  [
    `Package: ${facts.name}`,
    `Version: ${facts.version}`,
    `Architecture: ${architecture}`,
    'Maintainer: sessctl build-nginx <nobody@localhost>',
    `Installed-Size: ${Math.ceil(entries.reduce((sum, entry) => sum + bytesOf(entry), 0) / 1024)}`,
    ...(facts.depends.length === 0 ? [] : [`Depends: ${facts.depends.join(', ')}`]),
    ...relations(entries, facts.name),
    'Section: httpd',
    'Priority: optional',
    'Homepage: https://nginx.org/',
    `Description: ${facts.summary}`,
    ...facts.details.map((line) => ` ${line}`),
    '',
  ].join('\n')

/** Configuration that dpkg leaves alone once somebody changed it. */
export const conffilesText = (
  entries: readonly PackageEntry[],
  { configFolder }: Layout,
): string => {
  const isConfig = (path: string): boolean => isBelow(path, configFolder) || isBelow(path, '/etc')
  return entries
    .filter(({ path, content }) => content !== null && isConfig(`/${path}`))
    .map(({ path }) => `/${path}\n`)
    .join('')
}

/** For debsums(1). */
export const md5sumsText = (entries: readonly PackageEntry[]): string =>
  entries
    .flatMap(({ path, content }) =>
      content === null ? [] : [`${createHash('md5').update(content).digest('hex')}  ${path}\n`],
    )
    .join('')
