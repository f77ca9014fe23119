import { createHash } from 'node:crypto'
import type { PackageEntry } from './entries.ts'
import { isBelow } from './layout.ts'

export interface DebFacts {
  readonly name: string
  readonly version: string
  /** EM_… of the ELF file. */
  readonly machine: number
  readonly relations: Relations
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

/** Fields that say how a package stands to others. */
export interface Relations {
  readonly depends: readonly string[]
  readonly recommends?: readonly string[]
  readonly provides: readonly string[]
  /** Removed by an installation of this package, with their files in its hands. */
  readonly instead: readonly string[]
}

const field = (name: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [] : [`${name}: ${values.join(', ')}`]

/** The nginx packages of Debian: one of them is installed, and each has /usr/sbin/nginx. */
const flavours = ['nginx', 'nginx-core', 'nginx-full', 'nginx-light', 'nginx-extras']

const debianName = (module: string): string => `libnginx-mod-${module}`

/** What a package has of Debian's nginx. */
export interface DropIn {
  /** The revision of Debian's source that it is built from; null: another source. */
  readonly revision: string | null
  /** `nginx-abi-…`: modules of Debian's packages that were made for it can be loaded. */
  readonly abi: string | null
  readonly modules: readonly string[]
}

export const dropInRelations = (
  { revision, abi, modules }: DropIn,
  libraries: readonly string[],
): Relations => {
  const ofDebian = modules.map(debianName)
  return {
    depends: ['nginx-common', 'iproute2', ...libraries],
    provides: [
      'httpd',
      'httpd-cgi',
      // nginx-common breaks older revisions than its own: 1.26.3-1 is one.
      revision === null ? 'nginx' : `nginx (= ${revision})`,
      ...(abi === null ? [] : [abi]),
      ...ofDebian,
    ],
    instead: [...flavours, ...ofDebian],
  }
}

/** @param depends the nginx, and libraries. */
export const modulesRelations = (
  modules: readonly string[],
  depends: readonly string[],
): Relations => {
  const ofDebian = modules.map(debianName)
  return { depends, recommends: ['nginx'], provides: ofDebian, instead: ofDebian }
}

export const plainRelations = (depends: readonly string[]): Relations => ({
  depends,
  provides: [],
  instead: [],
})

/** The packages that bring systemd-sysusers and systemd-tmpfiles, on hosts without systemd, too. */
export const serviceRelations = (libraries: readonly string[]): Relations => ({
  depends: [
    'systemd | systemd-standalone-sysusers | systemd-sysusers',
    'systemd | systemd-standalone-tmpfiles | systemd-tmpfiles',
    ...libraries,
  ],
  provides: ['httpd'],
  instead: [],
})

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
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${Math.ceil(entries.reduce((sum, entry) => sum + bytesOf(entry), 0) / 1024)}`,
    ...field('Depends', facts.relations.depends),
    ...field('Recommends', facts.relations.recommends ?? []),
    ...field('Provides', facts.relations.provides),
    ...field('Conflicts', facts.relations.instead),
    ...field('Replaces', facts.relations.instead),
    'Section: httpd',
    'Priority: optional',
    'Homepage: https://nginx.org/',
    `Description: ${facts.summary}`,
    ...facts.details.map((line) => ` ${line}`),
    '',
  ].join('\n')

/** A package has no author other than its maker, of whom it says nothing. */
export const maintainer = 'sessctl build-nginx <build-nginx@sessctl.invalid>'

/** As Debian writes dates, in UTC. */
const dateText = (seconds: number): string =>
  new Date(seconds * 1000).toUTCString().replace(/GMT$/, '+0000')

/** The text of `changelog.Debian`. */
export const changelogText = ({ name, version, summary }: DebFacts, seconds: number): string =>
  `${name} (${version}) unstable; urgency=medium

  * ${summary}.

 -- ${maintainer}  ${dateText(seconds)}
`

/** Configuration that dpkg leaves alone once somebody changed it. */
export const conffilesText = (entries: readonly PackageEntry[], configFolder: string): string => {
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
