import { BuildError } from '../../errors.ts'
import { treeDigest } from '../core/digest.ts'
import type { Job } from './job.ts'
import type { Fetched } from './sources/fetched.ts'
import { digestFiles } from './trees.ts'

/** The first difference between what was verified and a folder; null when there is none. */
const difference = async (
  { content }: Fetched,
  digest: string,
  folder: string,
  { world: { archives, disk } }: Job,
): Promise<string | null> => {
  const entries = await disk.list(folder)
  const strange = entries.find(({ kind }) => kind === 'link' || kind === 'other')
  if (strange !== undefined) return `${strange.path} is not a regular file`
  const found = await digestFiles(folder, disk, () => () => true)
  if (content.kind === 'folder')
    return treeDigest(found) === digest ? null : 'the digest of its files differs'
  const wanted = await archives.digests(content.path, content.sha256)
  const other = found.find(({ path, sha256 }) => wanted.get(path) !== sha256)
  if (other !== undefined)
    return `${other.path} ${wanted.has(other.path) ? 'differs' : 'is not in the source'}`
  const names = new Set(found.map(({ path }) => path))
  const missing = [...wanted.keys()].find((path) => !names.has(path))
  return missing === undefined ? null : `${missing} is missing`
}

/**
 * Holds a tree of the cache against what was verified, file by file: that it has the name of a digest
 * says nothing, as anybody may have put it there while the cache was open to others.
 * @throws BuildError, IoError when another user may change it.
 */
export const checkTree = async (fetched: Fetched, digest: string, job: Job): Promise<void> => {
  const folder = job.cache.tree(digest)
  await job.world.disk.requireOurs(folder)
  const what = await difference(fetched, digest, folder, job)
  if (what === null) return
  throw new BuildError(`${folder} differs from ${fetched.from}: ${what}`, {
    help: `remove the whole cache (rm -r ${job.cache.folder}): builds made from it cannot be trusted either`,
  })
}
