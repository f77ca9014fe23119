import { dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import { readAr } from '../../core/package/ar.ts'
import { maintainer } from '../../core/package/deb.ts'
import type { Destination } from '../../core/package/destination.ts'
import {
  filesOfManifest,
  loadModuleName,
  manifestName,
  producerMark,
  sbomName,
} from '../../core/package/manifest.ts'
import type { BuildWorld } from '../../ports/build.ts'
import { readRecord } from '../cache.ts'
import type { Job } from '../job.ts'

type World = Pick<BuildWorld, 'disk' | 'archives'>

/** Why a folder is not ours to replace; null when it is. */
const aboutFolder = async (path: string, { disk }: World): Promise<string | null> => {
  const found = await disk.list(path)
  if (found.length === 0) return null
  const files = filesOfManifest(await readRecord(`${path}/${manifestName}`, disk))
  if (files === null) return `it contains ${found[0]?.path}, but no manifest.json of sessctl`
  for (const { path: name, kind } of found) {
    if (kind === 'folder' || [manifestName, sbomName, loadModuleName].includes(name)) continue
    const known = files.get(name)
    if (known === undefined) return `its file ${name} was not written by sessctl`
    if (sha256Hex(await disk.read(`${path}/${name}`)) !== known)
      return `its file ${name} was changed after sessctl wrote it`
  }
  return null
}

const hasMark = (bytes: Uint8Array | null): boolean =>
  bytes !== null && Buffer.from(bytes).includes(producerMark)

/** Its header names its maker; what it holds is compressed in several ways. */
const isOurRpm = (bytes: Uint8Array): boolean => {
  const rpm = Buffer.from(bytes)
  return rpm.subarray(0, 4).toString('hex') === 'edabeedb' && rpm.includes(maintainer)
}

const aboutFile = async (
  { kind, path }: Destination,
  { disk, archives }: World,
): Promise<string | null> => {
  const bytes = await disk.read(path)
  if (kind === 'rpm') return isOurRpm(bytes) ? null : 'it was not written by sessctl'
  const archive =
    kind === 'deb'
      ? (readAr(bytes)?.find(({ name }) => name.startsWith('data.tar'))?.content ?? null)
      : bytes
  const isOurs = archive !== null && hasMark(await archives.gunzip(archive))
  return isOurs ? null : 'it was not written by sessctl'
}

/** What is there of the way to it has to be folders. */
const checkWay = async (path: string, { disk }: Pick<World, 'disk'>): Promise<void> => {
  const above = dirname(path)
  const kind = await disk.kind(above)
  if (kind === 'folder') return
  if (kind === null) return checkWay(above, { disk })
  throw new BuildError(`${path} cannot be written: ${above} is not a folder`, {
    help: 'set another --output',
  })
}

/**
 * Whether a package may stand there: nothing that somebody else made, or changed, is lost.
 * @throws BuildError when it may not.
 */
export const checkDestination = async (destination: Destination, job: Job): Promise<void> => {
  const { path, kind } = destination
  const { world, request } = job
  const found = await world.disk.kind(path)
  if (found === null) return checkWay(path, world)
  const wanted = kind === 'folder' ? 'folder' : 'file'
  if (found !== wanted) {
    throw new BuildError(`${path} is ${found === 'folder' ? 'a folder' : 'not a folder'}`, {
      help: 'set another --output: its suffix determines the kind (NAME.tar.gz, NAME.deb, or a folder)',
    })
  }
  const reason = await (kind === 'folder'
    ? aboutFolder(path, world)
    : aboutFile(destination, world))
  if (reason === null) return
  const isForeign = kind === 'folder' && (await readOurs(path, job)) === null
  if (request.isOverwrite && !isForeign) return
  throw new BuildError(`${path} is not replaced: ${reason}`, {
    help: isForeign
      ? 'set a folder that does not exist, or is empty'
      : 'set another --output, or add --overwrite',
  })
}

const readOurs = async (path: string, { world: { disk } }: Job) =>
  filesOfManifest(await readRecord(`${path}/${manifestName}`, disk))
