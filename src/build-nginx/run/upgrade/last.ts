import { BuildError } from '../../../errors.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Cache } from '../cache.ts'

const fileIn = ({ folder }: Cache): string => `${folder}/last-upgrade`

/** So that --resume-upgrade needs no other word; what counts lies beside the nginx itself. */
export const rememberLast = (sbin: string, cache: Cache, { disk }: BuildWorld): Promise<void> =>
  disk.write(fileIn(cache), `${sbin}\n`)

export const lastUpgraded = async (cache: Cache, { disk }: BuildWorld): Promise<string> => {
  const bytes = await disk.readIfThere(fileIn(cache))
  if (bytes !== null) return new TextDecoder().decode(bytes).trim()
  throw new BuildError('which nginx was being upgraded is not known', {
    help: 'name it: --sbin /usr/sbin/nginx',
  })
}
