import { createHash } from 'node:crypto'

/**
 * The id of a cluster member: 16 signed bytes. It follows from names only, so that it stays the same
 * when servers come and go.
 */
export const uniqueIdOf = (cluster: string, upstream: string, route: string): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([cluster, upstream, route]))
    .digest()
  return `{${[...digest.subarray(0, 16)].map((byte) => (byte > 127 ? byte - 256 : byte)).join(',')}}`
}
