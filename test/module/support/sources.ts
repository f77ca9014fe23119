import { join } from 'node:path'
import { type Finished, run } from '../../real/support/process.ts'
import { findInstalled, type Missing, type Toolchain } from '../../real/support/servers.ts'

/** The source of a release of nginx, as its maintainers publish it. */
export interface Source {
  /** Complete, e.g. 1.26.3. */
  readonly version: string
  readonly tarball: string
}

/** What comes through another registry than Debian's. */
export const optionalReleases: readonly string[] = ['1.28']

/** Other releases to be tested too, by hand: scripts/add-nginx-source.mjs brings their sources. */
export const addedReleases: readonly string[] = (process.env['SESSCTL_MODULE_RELEASES'] ?? '')
  .split(',')
  .filter((release) => release !== '')

/** The releases of nginx that are built for tests; 1.30 where the Debian mirror really has it. */
export const releases: readonly string[] = [
  ...new Set([
    '1.18',
    '1.22',
    '1.26',
    '1.28',
    ...(findInstalled('nginx-source-1.30') === undefined ? [] : ['1.30']),
    ...addedReleases,
  ]),
]

/** By major.minor. */
export const findSource = (release: string): Source | Missing => {
  const installed = findInstalled(`nginx-source-${release}`)
  if (installed === undefined) {
    const script = release === '1.28' ? 'scripts/fetch-nginx-crate' : 'scripts/install-servers'
    const missing = `no source of nginx ${release} (${script})`
    return { missing, optional: optionalReleases.includes(release) }
  }
  const { version, path } = installed
  return { version, tarball: join(path, `nginx_${version}.orig.tar.gz`) }
}

/** Into a folder that is there, without the folder that the tarball has around it all. */
export const unpack = async ({ tarball }: Source, into: string): Promise<void> => {
  const { exitCode, output } = await run(
    ['tar', '-xzf', tarball, '--strip-components=1', '--no-same-owner'],
    into,
  )
  if (exitCode !== 0) throw new Error(output)
}

/** patch(1), as exact as it can be. */
export const patchWith = (
  { bin }: Toolchain,
  tree: string,
  file: string,
  strip: number,
): Promise<Finished> =>
  run([join(bin, 'patch'), '--batch', '--forward', '--fuzz=0', `-p${strip}`, '-i', file], tree)
