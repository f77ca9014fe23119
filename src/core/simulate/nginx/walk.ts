import type { Group, Peer } from './peers.ts'

/** The server at a place of the weights laid end to end, in the order of the configuration. */
export const peerAt = ({ peers, ends, totalWeight }: Group, place: number): Peer | null => {
  const wanted = place % totalWeight
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle
  }
  return peers[low] ?? null
}
