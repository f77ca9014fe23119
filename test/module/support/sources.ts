import { join } from 'node:path'
import { releases as builtReleases } from '../../../scripts/nginx/variants.mjs'
import { type Finished, run } from '../../real/support/process.ts'
import { findByName, type Missing, type Toolchain } from '../../real/support/servers.ts'

/** The source of a release of nginx, as its maintainers publish it. */
export interface Source {
  /** Complete, e.g. 1.26.3. */
  readonly version: string
  readonly tarball: string
}

/** Other releases to be tested too, by hand: scripts/add-nginx-source.mjs brings their sources. */
export const addedReleases: readonly string[] = (process.env['SESSCTL_MODULE_RELEASES'] ?? '')
  .split(',')
  .filter((release) => release !== '')

/** The releases of nginx that are built for tests. */
export const releases: readonly string[] = [...new Set([...builtReleases, ...addedReleases])]

/** By major.minor. */
export const findSource = (release: string): Source | Missing => {
  const found = findByName(`nginx-source-${release}`)
  if ('missing' in found) return found
  const { version, path } = found
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
