import { sha256Hex, valueDigest } from '../../core/digest.ts'
import { readRecord } from '../cache.ts'
import type { Job } from '../job.ts'

/** What a source was when it was asked: its blobs by their sha256. */
export interface Origin {
  readonly sha256: string
  readonly signature: string | null
  readonly debian: {
    readonly name: string
    readonly version: string
    readonly changes: string | null
  } | null
}

const isOrigin = (value: unknown): value is Origin =>
  typeof value === 'object' &&
  value !== null &&
  'sha256' in value &&
  typeof value.sha256 === 'string'

/** Whether the cache has these bytes: a damaged file counts as none. */
export const hasBlob = async (
  { cache, world: { disk } }: Pick<Job, 'cache'> & { readonly world: Pick<Job['world'], 'disk'> },
  sha256: string,
): Promise<boolean> => {
  const bytes = await disk.readIfThere(cache.blob(sha256))
  return bytes !== null && sha256Hex(bytes) === sha256
}

/** Null when it was never asked, or one of its files is gone. */
export const knownOrigin = async (
  { cache, world: { disk } }: Job,
  name: string,
): Promise<Origin | null> => {
  const value = await readRecord(cache.origin(valueDigest(name)), disk)
  if (!isOrigin(value)) return null
  const blobs = [value.sha256, value.debian?.changes ?? value.sha256]
  for (const sha256 of blobs) if (!(await hasBlob({ cache, world: { disk } }, sha256))) return null
  return value
}

export const rememberOrigin = ({ cache, world: { disk } }: Job, name: string, origin: Origin) =>
  disk.write(cache.origin(valueDigest(name)), JSON.stringify(origin))
