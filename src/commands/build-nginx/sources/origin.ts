import { valueDigest } from '../../../core/build/digest.ts'
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

/** Null when it was never asked, or one of its files is gone. */
export const knownOrigin = async (
  { cache, world: { disk } }: Job,
  name: string,
): Promise<Origin | null> => {
  const bytes = await disk.readIfThere(cache.origin(valueDigest(name)))
  if (bytes === null) return null
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!isOrigin(value)) return null
  const blobs = [value.sha256, value.debian?.changes ?? value.sha256]
  for (const sha256 of blobs) if ((await disk.kind(cache.blob(sha256))) !== 'file') return null
  return value
}

export const rememberOrigin = ({ cache, world: { disk } }: Job, name: string, origin: Origin) =>
  disk.write(cache.origin(valueDigest(name)), JSON.stringify(origin))
