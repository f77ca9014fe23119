import type { Group, Peer } from './peers.ts'

/** The server at a place of the weights laid end to end, in the order of the configuration. */
export const peerAt = ({ peers, totalWeight }: Group, place: number): Peer | null => {
  let left = place % totalWeight
  for (const peer of peers) {
    if (left < peer.server.weight) return peer
    left -= peer.server.weight
  }
  return null
}
