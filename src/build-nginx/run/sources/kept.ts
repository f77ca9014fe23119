import { BuildError } from '../../../errors.ts'
import type { Disk } from '../../ports/build.ts'
import type { Job } from '../job.ts'
import { contentDigest } from '../trees.ts'

const recordIn = async (kept: string, disk: Disk): Promise<readonly string[]> => {
  const record = await disk.readIfThere(`${kept}/checkout`)
  return record === null ? [] : new TextDecoder().decode(record).trim().split(' ')
}

const isDigest = (word: string | undefined): boolean => /^[0-9a-f]{64}$/.test(word ?? '')

/** Whether an earlier run left files there, with the digest of them as the last word of a record. */
export const isKept = async (kept: string, disk: Disk): Promise<boolean> =>
  (await disk.kind(`${kept}/files`)) === 'folder' && isDigest((await recordIn(kept, disk)).at(-1))

/**
 * What the record of such files says before the digest.
 * @throws BuildError when they are not what the run left, IoError when another user may change them.
 */
export const readKept = async (
  kept: string,
  from: string,
  { cache, world: { disk } }: Job,
): Promise<readonly string[]> => {
  await disk.requireOurs(kept)
  const words = await recordIn(kept, disk)
  if (words.at(-1) === (await contentDigest(`${kept}/files`, disk))) return words.slice(0, -1)
  throw new BuildError(`${kept}/files differs from what was fetched from ${from}`, {
    help: `remove the whole cache (rm -r ${cache.folder}): builds made from it cannot be trusted either`,
  })
}
